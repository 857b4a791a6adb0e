import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, readSources, roomOf, withoutComments } from './imports.js';

const roomsAboveJobs =
  'core threads ingest store features neural models ensemble forecast evaluate report queue'.split(
    ' ',
  );

/** What each room of src may import besides itself: docs/architecture.md, in the order that data flows. */
const importTable: Readonly<Record<string, readonly string[]>> = {
  core: [],
  threads: ['core'],
  ingest: ['core'],
  store: ['core'],
  features: ['core'],
  neural: ['core', 'threads'],
  models: ['core', 'features', 'neural', 'threads'],
  ensemble: ['core'],
  forecast: ['core', 'features', 'models', 'ensemble'],
  evaluate: ['core', 'features', 'models', 'ensemble', 'forecast'],
  report: ['core'],
  queue: ['core', 'store'],
  jobs: roomsAboveJobs,
  api: ['core', 'store', 'queue', 'report'],
};
const rooms = Object.keys(importTable);

/** The files at the top of src, and the command line. */
const compositionTable: Readonly<Record<string, readonly string[]>> = {
  config: rooms,
  app: [...rooms, 'config'],
  cli: [...rooms, 'config', 'app'],
  main: ['cli', 'core'],
  index: [...rooms, 'config', 'app'],
};
const mayImport: Readonly<Record<string, readonly string[]>> = {
  ...importTable,
  ...compositionTable,
};

/** Rooms without network, database, environment, clock or unseeded random: all of that comes as arguments. */
const pureRooms = new Set(
  'core threads features neural models ensemble forecast evaluate report'.split(' '),
);

/** What a pure room may not touch, and the files that may all the same. */
const outsideWorld: readonly { what: RegExp; allowedIn: readonly RegExp[] }[] = [
  { what: /\bprocess\.env\b/, allowedIn: [] },
  { what: /\bDate\.now\b/, allowedIn: [] },
  { what: /\bnew Date\(\s*\)/, allowedIn: [] },
  { what: /\bDateTime\.(?:now|local|utc)\(\s*\)/, allowedIn: [] },
  { what: /\bperformance\.now\b/, allowedIn: [] },
  { what: /\bprocess\.hrtime\b/, allowedIn: [] },
  { what: /\bMath\.random\b/, allowedIn: [] },
  { what: /\bcrypto\.(?:getRandomValues|randomUUID|randomBytes)\b/, allowedIn: [] },
  { what: /\bfetch\(/, allowedIn: [] },
];

/** Parts of Node that reach nothing outside the process, and the files that may reach further. */
const harmlessModules = new Set([
  'node:url',
  'node:path',
  'node:assert',
  'node:util',
  'node:buffer',
]);
const moduleExceptions: Readonly<Record<string, readonly string[]>> = {
  // starts workers, and looks whether a module is built or source
  'threads/spawn-worker.ts': ['node:worker_threads', 'node:fs'],
  'threads/worker-channel.ts': ['node:worker_threads'],
  // the entries of workers
  'neural/gradient-worker.ts': ['node:worker_threads'],
  'models/boosting/histogram-worker.ts': ['node:worker_threads'],
  'neural/engines/tensorflow-probe.ts': ['node:worker_threads'],
  // look whether TensorFlow is installed, and load it in a worker
  'neural/engines/find-tensorflow.ts': ['node:fs'],
  'neural/engines/tensorflow-library.ts': ['node:module', 'node:worker_threads'],
  // hashes checkpoints
  'neural/training-checkpoint.ts': ['node:crypto'],
  // reads the tables of moved working days that come with the program
  'features/moved-days.ts': ['node:fs'],
  // load wasm bytes
  'neural/backend.ts': ['node:module'],
  'neural/kernels/kernel-binary.ts': ['node:fs', 'node:v8'],
  'models/augurs-bytes.ts': ['node:fs', 'node:module'],
};

const sources = readSources(resolve(import.meta.dirname, '../../src'));

describe('import table', () => {
  test('every folder and file of src stands in the table', () => {
    const unknown = sources.filter((file) => !(roomOf(file.path) in mayImport));
    expect(unknown.map((file) => file.path)).toEqual([]);
  });

  test('a room imports only what the table allows, types included', () => {
    const forbidden = sources
      .flatMap((file) => file.imports)
      .filter((each) => each.relative)
      .filter((each) => {
        const from = roomOf(each.from);
        const to = roomOf(each.to);
        return from !== to && !(mayImport[from] ?? []).includes(to);
      });
    expect(forbidden.map((each) => `${each.from} imports ${each.to}`)).toEqual([]);
  });

  test('nothing imports the binary or the barrel of the library', () => {
    const importers = sources
      .flatMap((file) => file.imports)
      .filter((each) => each.relative && ['index', 'main'].includes(each.to));
    expect(importers.map((each) => `${each.from} imports ${each.to}`)).toEqual([]);
  });
});

describe('pure rooms', () => {
  const pure = sources.filter((file) => pureRooms.has(roomOf(file.path)));

  test.each(outsideWorld.map((each) => [String(each.what), each] as const))(
    'do not touch %s',
    (_name, { what, allowedIn }) => {
      const touching = pure
        .filter((file) => what.test(file.code))
        .filter((file) => !allowedIn.some((allowed) => allowed.test(file.path)));
      expect(touching.map((file) => file.path)).toEqual([]);
    },
  );

  test('import no part of Node that reaches outside the process', () => {
    const reaching = pure
      .flatMap((file) => file.imports)
      .filter((each) => each.to.startsWith('node:') && !harmlessModules.has(each.to))
      .filter((each) => !(moduleExceptions[each.from] ?? []).includes(each.to));
    expect(reaching.map((each) => `${each.from} imports ${each.to}`)).toEqual([]);
  });

  test('Node is imported by node: names everywhere, so that the rule above sees it', () => {
    const bare = /^(?:fs|fs\/promises|https?|net|child_process|os|path|url|worker_threads)$/;
    const nameless = sources.flatMap((file) => file.imports).filter((each) => bare.test(each.to));
    expect(nameless.map((each) => `${each.from} imports ${each.to}`)).toEqual([]);
  });
});

describe('the reader of imports', () => {
  test.each([
    ["import { a } from '../../core/time.js';", ['core/time']],
    ["import type { A } from '../member.js';", ['models/member']],
    ["export {\n  a,\n} from './b.js';", ['models/lstm/b']],
    ["import './effect.js';", ['models/lstm/effect']],
    ["const m = await import('node:fs');", ['node:fs']],
    ["type T = import('../../store/store.js').Store;", ['store/store']],
    ["new Worker(new URL('./worker.js', import.meta.url));", ['models/lstm/worker']],
    ["new URL('../../package.json', import.meta.url);", []],
    ["// import { a } from './a.js';\nconst url = 'http://x'; import './b.js';", ['models/lstm/b']],
  ])('reads %j', (code, expected) => {
    const found = importsOf('models/lstm/member.ts', withoutComments(code));
    expect(found.map((each) => each.to)).toEqual(expected);
  });
});
