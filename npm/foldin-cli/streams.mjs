// The streams of this process under their paths, such as /dev/stdin and a shell's <(...), which Node's WASI cannot
// open, and pipes that are not ready, for which it does not wait.

import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from "node:fs";

const STREAM = /^\/?(dev\/(stdin|stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/** File descriptors from here on are ours; Node's WASI counts from 0. */
const FIRST = 1 << 20;

/** Numbers of WASI preview 1. */
const OK = 0;
const AGAIN = 6;
const IO = 29;
const NOT_SEEKABLE = 70;
const ERRORS = { EACCES: 2, EAGAIN: AGAIN, EINVAL: 28, EISDIR: 31, ENOENT: 44, ENOSPC: 51, EPERM: 63, EPIPE: 64 };
const CHARACTER_DEVICE = 2;
const STREAM_SOCKET = 6;
const ALL_RIGHTS = 0x1fff_ffffn;
const WRITE = 1n << 6n;

/** `calls` of WASI preview 1 that know these streams, too; `memory` gives the command's memory as it is now. */
export function withStreams(calls, memory) {
  const view = () => new DataView(memory());
  const text = (at, length) => Buffer.from(memory(), at, length).toString();

  /** The path of a stream that is no file; files are opened under their own names. */
  const stream = (at, length) => {
    const path = `/${text(at, length).replace(/^\//, "")}`;
    if (!STREAM.test(path)) return undefined;
    const found = statSync(path, { throwIfNoEntry: false });
    return found && !found.isFile() && !found.isDirectory() ? path : undefined;
  };

  /** What the system says, as WASI says it. */
  const guarded = (work) => {
    try {
      return work() ?? OK;
    } catch (error) {
      return ERRORS[error.code] ?? IO;
    }
  };

  const type = (found) => (found.isCharacterDevice() ? CHARACTER_DEVICE : STREAM_SOCKET);

  const putStat = (found, at) => {
    new Uint8Array(memory(), at, 64).fill(0);
    view().setBigUint64(at, BigInt(found.dev), true);
    view().setBigUint64(at + 8, BigInt(found.ino), true);
    view().setUint8(at + 16, type(found));
  };

  /** Reads or writes each buffer of a list in turn, until one is not filled. */
  const each = (move) => (fd, list, count, at) =>
    guarded(() => {
      let sum = 0;
      for (let entry = list; entry < list + 8 * count; entry += 8) {
        const length = view().getUint32(entry + 4, true);
        const buffer = new Uint8Array(memory(), view().getUint32(entry, true), length);
        const moved = length && move(fd - FIRST, buffer);
        sum += moved;
        if (moved < length) break;
      }
      view().setUint32(at, sum, true);
    });

  const own = {
    fd_read: each(readSync),
    fd_write: each(writeSync),
    fd_close: (fd) => guarded(() => closeSync(fd - FIRST)),
    fd_seek: () => NOT_SEEKABLE,
    fd_tell: () => NOT_SEEKABLE,
    fd_sync: () => OK,
    fd_datasync: () => OK,
    fd_filestat_get: (fd, at) => guarded(() => putStat(fstatSync(fd - FIRST), at)),
    fd_fdstat_get: (fd, at) =>
      guarded(() => {
        new Uint8Array(memory(), at, 24).fill(0);
        view().setUint8(at, type(fstatSync(fd - FIRST)));
        view().setBigUint64(at + 8, ALL_RIGHTS, true);
      }),
  };

  /** Repeats a call until the other end of a pipe is ready. */
  const patient = (call) => (...args) => {
    for (;;) {
      const answer = call(...args);
      if (answer !== AGAIN) return answer;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  };

  const choose = (name) => (fd, ...args) => (fd >= FIRST ? own[name](fd, ...args) : calls[name](fd, ...args));
  const chosen = Object.keys(own).map((name) => [name, patient(choose(name))]);

  return {
    ...calls,
    ...Object.fromEntries(chosen),
    path_open(folder, follow, at, length, how, rights, inherited, flags, out) {
      const path = stream(at, length);
      if (!path) return calls.path_open(folder, follow, at, length, how, rights, inherited, flags, out);
      return guarded(() => {
        const fd = openSync(path, rights & WRITE ? constants.O_WRONLY : constants.O_RDONLY);
        view().setUint32(out, FIRST + fd, true);
      });
    },
    path_filestat_get(folder, follow, at, length, out) {
      const path = stream(at, length);
      return path
        ? guarded(() => putStat(statSync(path), out))
        : calls.path_filestat_get(folder, follow, at, length, out);
    },
  };
}
