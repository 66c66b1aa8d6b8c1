#!/usr/bin/env node
// Makes a folder with a page that recommends: files, packages, a trained model.

import { spawnSync } from "node:child_process";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { Refusal, plan } from "./plan.mjs";
import { lay } from "./lay.mjs";

const HELP = `npm create foldin [FOLDER] [INTERACTIONS] [ITEMS]

A shop page (Vite) that recommends inside the visitor's browser, trained on your interactions.

  FOLDER        where to; it must be new or empty [default: foldin-shop]
  INTERACTIONS  who liked what: CSV, TSV, .gz, Parquet [default: a made-up shop]
  ITEMS         titles and tags of the items
  --from FOLDER packages that are not published: foldin-*.tgz and foldin-cli-*.tgz

  npm create foldin shop ratings.csv movies.csv`;

function main() {
  const options = { from: { type: "string" }, help: { type: "boolean", short: "h" } };
  const { values, positionals } = parsed(options);
  if (values.help) return console.log(HELP);
  const app = plan(positionals, values.from, process.env.npm_config_user_agent);
  lay(app);
  const [install, train, dev] = app.commands;
  for (const command of [install, train]) run(app, command);
  const way = relative(process.cwd(), app.folder);
  console.log(`\nThe shop is ready:\n${way ? `  cd ${way}\n` : ""}  ${dev.join(" ")}`);
}

function parsed(options) {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Refusal(`${error.message}; --help shows what there is`);
  }
}

/** Runs a command in the new folder with our own streams. */
function run({ folder }, [program, ...rest]) {
  console.log(`\n> ${[program, ...rest].join(" ")}`);
  // On Windows package managers are scripts, which need a shell; none of the words is the user's.
  const { status, error } = spawnSync(program, rest, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
  if (status === 0) return;
  const why = error ? error.message : "it ended early, see above";
  throw new Refusal(`${program} ${rest.join(" ")}: ${why}; mend it and start the command again in ${folder}`);
}

try {
  main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
