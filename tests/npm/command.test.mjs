// npx foldin-cli: every verb, with the output, exit codes and files of the native command.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { command as native } from "../support/environment.mjs";
import { bytes, emptyFolder, environment, install, interactions, items, run } from "./installed.mjs";

let place;
let foldin;
let folder;

before(() => {
  place = emptyFolder();
  foldin = install(place.folder);
  folder = join(place.folder, "work");
  mkdirSync(folder);
  writeFileSync(join(folder, "ratings.csv"), interactions());
  writeFileSync(join(folder, "movies.csv"), items());
  writeFileSync(join(folder, "vectors.csv"), "item_id,f0,f1\n50,0.5,1\n181,1,0.5\n");
  writeFileSync(join(folder, "events.ndjson"), '{"page":"p","sequence":1,"time":1600000000000}\n');
  const trained = run(foldin, folder, ["train", "ratings.csv", "--items", "movies.csv", "-o", "model.safetensors"]);
  assert.equal(trained.status, 0, trained.stderr);
});
after(() => place.remove());

const VERBS = [
  "--version",
  "--help",
  "pack --help",
  "look ratings.csv",
  "look ratings.csv --json",
  "inspect model.safetensors",
  "inspect model.safetensors --json",
  "recommend model.safetensors --liked 1,4 --explain --json",
  "recommend model.safetensors --batch ratings.csv",
  "similar model.safetensors 50",
  "check model.safetensors",
  "monitor events.ndjson --json",
  "recommend nothing.safetensors",
  "recommend model.safetensors --liked nobody",
  "train nothing.csv -o x",
  "train ratings.csv --unknown",
  "similar",
];

for (const line of VERBS) {
  test(`foldin ${line}: as natively`, () => {
    const [ours, theirs] = [foldin, native()].map((command) => outcome(command, line));
    assert.deepEqual(ours, theirs);
  });
}

/** What a run ends with and says; WASI counts the system's errors otherwise. */
function outcome(command, line) {
  const { stderr, ...rest } = run(command, folder, line.split(" "));
  return { ...rest, stderr: stderr.replace(/ \(os error \d+\)/, "") };
}

const WRITING = [
  ["pack vectors.csv -o new.safetensors", "new.safetensors"],
  ["optimize model.safetensors -o new.safetensors --test ratings.csv --max-loss 90%", "new.safetensors"],
];

for (const [line, file] of WRITING) {
  test(`foldin ${line}: the same file as natively`, () => {
    const files = [foldin, native()].map((command) => {
      const { status, stderr } = run(command, folder, line.split(" "));
      assert.equal(status, 0, stderr);
      return bytes(folder, file);
    });
    assert.deepEqual(files[0], files[1]);
  });
}

test("foldin evaluate: the figures of the native command", () => {
  const line = "evaluate ratings.csv --algorithm ials --dim 16 --json".split(" ");
  const [ours, theirs] = [foldin, native()].map((command) => {
    const { seconds, ...report } = JSON.parse(run(command, folder, line).stdout);
    assert.ok(seconds > 0);
    return report;
  });
  assert.deepEqual(ours, theirs);
});

test("foldin tune finds options", () => {
  const { status, stderr } = run(foldin, folder, "tune ratings.csv --minutes 0.05 --algorithm ials --json".split(" "));
  assert.equal(status, 0, stderr);
});

for (const options of ["auto", "ials", "ials --solver exact --map", "sgd", "bpr", "next"]) {
  test(`foldin train --algorithm ${options}: the native command's bytes`, () => {
    const line = `train ratings.csv --items movies.csv --seed 3 -o same.safetensors --algorithm ${options}`;
    const files = [foldin, native()].map((command) => {
      const { status, stderr } = run(command, folder, line.split(" "));
      assert.equal(status, 0, stderr);
      return bytes(folder, "same.safetensors");
    });
    assert.ok(files[0].equals(files[1]));
  });
}

test("foldin train --algorithm two-tower makes a model that recommends", () => {
  const line = "train ratings.csv --items movies.csv --algorithm two-tower --dim 16 --epochs 2 -o towers.safetensors";
  const trained = run(foldin, folder, line.split(" "));
  assert.equal(trained.status, 0, trained.stderr);
  const asked = run(foldin, folder, ["recommend", "towers.safetensors", "--liked", "1,4", "--json"]);
  assert.equal(JSON.parse(asked.stdout).length, 10, asked.stderr);
  assert.ok(JSON.parse(asked.stdout).every(({ score }) => Number.isFinite(score)));
});

test("foldin bundle lays out, again, and goes back", () => {
  const first = run(foldin, folder, ["bundle", "model.safetensors", "-o", "site", "--json"]);
  assert.equal(first.status, 0, first.stderr);
  run(foldin, folder, ["pack", "vectors.csv", "-o", "other.safetensors"]);
  assert.equal(run(foldin, folder, ["bundle", "other.safetensors", "-o", "site"]).status, 0);
  const back = run(foldin, folder, ["bundle", "--rollback", "-o", "site", "--json"]);
  assert.equal(JSON.parse(back.stdout).current.version, JSON.parse(first.stdout).current.version);
  assert.equal(run(foldin, folder, ["check", "site"]).status, 0);
  assert.equal(run(native(), folder, ["check", "site"]).status, 0, "the native command finds it whole");
  assert.deepEqual(readdirSync(join(folder, "site")).filter((name) => name.endsWith(".tmp")), []);
});

test("bundles at once wait for each other, and for nobody who was killed", async () => {
  const starts = [0, 1, 2].map(() => start(["bundle", "model.safetensors", "-o", "busy", "--keep", "9"]));
  await pause(150);
  starts[0].kill("SIGKILL");
  const ends = await Promise.all(starts.map(ended));
  assert.deepEqual(ends.slice(1).map(({ code }) => code), [0, 0], ends[1].stderr + ends[2].stderr);
  assert.equal(run(foldin, folder, ["check", "busy"]).status, 0);
});

test("files are named as people name them", () => {
  mkdirSync(join(folder, "deep/er"), { recursive: true });
  symlinkSync(join(folder, "ratings.csv"), join(folder, "deep/link.csv"));
  const here = join(folder, "deep/er");
  for (const path of ["../../ratings.csv", join(folder, "ratings.csv"), "../link.csv", "../er/../../ratings.csv"]) {
    assert.match(run(foldin, here, ["look", path]).stdout, /1800/, path);
  }
  assert.equal(run(foldin, here, ["train", "../link.csv", "--dim", "4", "-o", "../new/model.safetensors"]).status, 0);
  assert.ok(bytes(folder, "deep/new/model.safetensors").length > 0);
});

test("reads stdin and a shell's pipes, writes stdout", () => {
  const shell = (line) => run("bash", folder, ["-c", line]);
  const train = "--algorithm ials --dim 4 -o piped.safetensors";
  for (const line of [`cat ratings.csv | "${foldin}" train /dev/stdin ${train}`, `"${foldin}" train <(cat ratings.csv) ${train}`]) {
    const { status, stdout, stderr } = shell(line);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /1800 by 120 users/);
  }
  const packed = shell(`"${foldin}" pack vectors.csv -o /dev/stdout | head -c 60`);
  assert.match(packed.stdout, /__metadata__/, packed.stderr);
  const gone = shell(`"${foldin}" recommend model.safetensors --batch ratings.csv --count 200 | head -n 1`);
  assert.match(gone.stderr, /^error: stdout: .*\n$/m);
});

test("what the system refuses is an error of one line", () => {
  for (const words of [
    ["train", "ratings.csv", "-o", "/proc/none/model.safetensors"],
    ["train", "/root/../nowhere/ratings.csv", "-o", "x"],
    ["look", "/"],
    ["look", "/dev/zero"],
  ]) {
    const { status, stderr } = run(foldin, folder, words);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /^error: .*\n$/, words.join(" "));
  }
});

test("Ctrl-C ends it and leaves no file", async () => {
  const training = start("train ratings.csv -o never.safetensors --algorithm ials --dim 256 --epochs 100000".split(" "));
  await pause(1500);
  training.kill("SIGINT");
  const { code, signal } = await ended(training);
  assert.equal(signal ?? code, "SIGINT");
  assert.deepEqual(readdirSync(folder).filter((name) => /never|\.tmp$/.test(name)), []);
});

test("shows a progress bar and colours in a terminal", () => {
  const inTerminal = (words) => {
    const script = "import pty, sys; pty.spawn(sys.argv[1:])";
    const env = { ...environment, NO_COLOR: undefined, TERM: "xterm-256color" };
    return execFileSync("python3", ["-c", script, foldin, ...words], { cwd: folder, env, encoding: "utf8" });
  };
  const said = inTerminal("train ratings.csv -o bar.safetensors --algorithm ials --dim 64 --epochs 30".split(" "));
  assert.match(said, /training.*█.*\/30/s);
  assert.match(inTerminal(["--help"]), /\x1b\[1m/);
});

/** Starts the command. */
function start(words) {
  return spawn(foldin, words, { cwd: folder, env: environment, stdio: ["ignore", "ignore", "pipe"] });
}

/** How a started command ended, and what it said. */
async function ended(child) {
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += text));
  return new Promise((done) => child.on("close", (code, signal) => done({ code, signal, stderr })));
}
