import { gzipSync } from 'node:zlib';
import { createRandom, type Random } from '../../../src/core/random.js';
import type { LoadTableOptions } from '../../../src/ingest/load-table.js';
import { goodFile, stampsAcross, type GoodFile } from './good-file.js';

/** A file that somebody might hand in, and the options beside it. */
export interface FuzzedCsv {
  readonly bytes: Uint8Array;
  readonly options: LoadTableOptions;
  /** lines that are not blank; null where quotes or a cut make them hard to tell */
  readonly filledLines: number | null;
  /** names of what was done to it, for messages */
  readonly mutations: readonly string[];
}

/** @returns a good file with up to five mutations; the same seed gives the same file */
export function fuzzedCsv(seed: number): FuzzedCsv {
  const random = createRandom('fuzzed-csv', seed);
  const file = goodFile(random);
  const [, , third] = (file.lines[0] ?? '').split(file.sign);
  const extra = createRandom('fuzzed-extra', seed).integer(4) === 0 ? third : undefined;
  const mutations: string[] = [];
  for (let left = random.integer(6); left > 0; left--) {
    const [name, mutate] = pick(random, Object.entries(lineMutations));
    mutations.push(name);
    file.lines = mutate(file, random);
  }
  const separator = pick(random, ['\n', '\n', '\r\n', '\r']);
  let text = file.lines.join(separator) + pick(random, ['', separator, separator + separator]);
  if (random.integer(8) === 0) {
    const [name, mutate] = pick(random, Object.entries(textMutations));
    mutations.push(name);
    text = mutate(text, random);
  }
  const [encoding, encode] = pick(
    random,
    Object.entries(random.integer(12) === 0 ? brokenEncodings : encodings),
  );
  const plain = !text.includes('"') && encoding in encodings;
  return {
    bytes: encode(text),
    options: {
      ...fuzzedOptions(random),
      ...(extra === undefined ? {} : { extraColumns: [extra] }),
    },
    filledLines: plain
      ? text.split(/\r\n|\n|\r/).filter((line) => /[^ \u00A0\uFEFF]/.test(line)).length
      : null,
    mutations: [...mutations, encoding],
  };
}

type LineMutation = (file: GoodFile, random: Random) => string[];

/** Each changes lines of a file; line 0 is the header. */
const lineMutations: Readonly<Record<string, LineMutation>> = {
  'blank lines': ({ lines }, random) => insertAt(lines, random, pick(random, ['', '  '])),
  'truncated line': ({ lines }, random) =>
    changeLine(lines, random, (line) => line.slice(0, random.integer(line.length + 1))),
  'truncated end': ({ lines }, random) => lines.slice(0, 1 + random.integer(lines.length)),
  'doubled row': ({ lines }, random) => insertAt(lines, random, pick(random, lines)),
  'doubled row, other load': ({ lines, sign }, random) =>
    insertAt(lines, random, `${pick(random, lines).split(sign)[0] ?? ''}${sign}77`),
  'doubled header': ({ lines }, random) => insertAt(lines, random, lines[0] ?? ''),
  'doubled file': ({ lines }) => [...lines, ...lines.slice(1)],
  'rows in reverse': ({ lines }) => [...lines.slice(0, 1), ...lines.slice(1).reverse()],
  'rows swapped': ({ lines }, random) => {
    const row = pick(random, lines);
    return [...lines.filter((line) => line !== row), row];
  },
  'rows left out': ({ lines }, random) => {
    const from = 1 + random.integer(lines.length);
    return lines.filter((_, i) => i < from || i > from + random.integer(9));
  },
  'mixed resolutions': ({ lines, sign }, random) => [
    ...lines,
    ...stampsAcross(random, Date.UTC(2024, 0, 1 + random.integer(300)), 96).map(
      (stamp, i) => `${stamp}${sign}${100 + i}`,
    ),
  ],
  'a clock change': ({ lines, sign }, random) => [
    ...lines.slice(0, 1),
    ...stampsAcross(
      random,
      Date.UTC(2024, ...pick(random, [[2, 30, 22] as const, [9, 26, 22]])),
      12,
    ).map((stamp, i) => `${stamp}${sign}${100 + i}`),
  ],
  'odd stamp': ({ lines, sign }, random) =>
    changeCell(lines, sign, random, 0, () => pick(random, oddStamps)),
  'odd load': ({ lines, sign }, random) =>
    changeCell(lines, sign, random, 1, () => pick(random, oddNumbers)),
  'odd loads': ({ lines, sign }, random) =>
    lines.reduce((all) => changeCell(all, sign, random, 1, () => pick(random, oddNumbers)), lines),
  'odd temperature': ({ lines, sign }, random) =>
    changeCell(lines, sign, random, 2, () => pick(random, oddNumbers)),
  'blank load': ({ lines, sign }, random) => changeCell(lines, sign, random, 1, () => ''),
  'quoted cell': ({ lines, sign }, random) =>
    changeCell(lines, sign, random, random.integer(3), (cell) => `"${cell}"`),
  'quoted cells': ({ lines, sign }) =>
    lines.map((line) =>
      line
        .split(sign)
        .map((cell) => `"${cell}"`)
        .join(sign),
    ),
  'break in a quoted cell': ({ lines, sign }, random) =>
    changeCell(lines, sign, random, random.integer(4), (cell) => `"${cell}\n"`),
  'stray quote': ({ lines }, random) =>
    changeLine(lines, random, (line) => insertText(line, random, pick(random, ['"', '""', "'"]))),
  'spaces about cells': ({ lines, sign }) =>
    lines.map((line) => line.replaceAll(sign, ` ${sign} `)),
  'one more cell': ({ lines, sign }, random) =>
    changeLine(lines, random, (line) => `${line}${sign}x`),
  'empty cells at the end': ({ lines, sign }) => lines.map((line) => `${line}${sign}${sign}`),
  'very long cell': ({ lines, sign }, random) =>
    changeCell(lines, sign, random, random.integer(3), () =>
      pick(random, ['9', 'x', '1,', '"']).repeat(pick(random, [100, 5_000, 250_000])),
    ),
  'odd header': ({ lines }, random) => [pick(random, oddHeaders), ...lines.slice(1)],
  'no header': ({ lines }) => lines.slice(1),
  'title above': ({ lines }) => ['Load of the works, 2024', '', ...lines],
  'other delimiter': ({ lines, sign }, random) => {
    const other = pick(random, [',', ';', '\t', '|']);
    return lines.map((line) => line.replaceAll(sign, other));
  },
  'one row of another delimiter': ({ lines, sign }, random) =>
    changeLine(lines, random, (line) => line.replaceAll(sign, sign === ';' ? ',' : ';')),
  'other ends of lines': ({ lines }, random) =>
    changeLine(lines, random, (line) => line + pick(random, ['\r', '\r\n', '\n', '\u2028', '\v'])),
  'foreign letters': ({ lines }, random) =>
    changeLine(lines, random, (line) =>
      insertText(line, random, pick(random, ['ß', 'é', '電', '😀', '\u00A0', '\uFEFF'])),
    ),
};

const oddStamps = [
  '24:00', '2024-01-01 24:00', '2024-01-01T24:00:00Z', '2024-01-01T00:07Z', '2024-01-01T00:00:00.5Z', '2024-02-30 00:00',
  '2024-03-31 02:30', '2024-10-27 02:30', '2024-01-01T00:00+14:00', '2024-01-01T00:00-0330', '2024-01-01T00:00+99:99',
  '1970-01-01', '9999-12-31T23:59Z', '0', '-1', '1704067200', '1704067200000', '1e9', '20240101', '202401010000', '01/02/2024',
  '31/12/2024 23:00', '12/31/2024 23:00', '1.2.24', '2024-13-01', '2024-01-01 25:00', '2024-01-01 - 2024-01-02', 'now', 'NaT',
  '', '-', '2024-01-01T00:00Z2024', '2024-01-01 00:00 am', '2024-01-01 00:00 PM', '2024-01-01T00:00:00 UTC', '45292', '２０２４-01-01',
]; // prettier-ignore

const oddNumbers = [
  'NaN', 'nan', 'inf', '-inf', 'Infinity', '1e308', '1e309', '-1e308', '1e-308', '-0', '0x10', '1_000', '1,5', '1.5', '1,234', '1.234',
  '1,234,567', '1.234.567', '1.234,5', '1,234.5', "1'234", '1 234', '1\u00A0234', '1\u202F234', '+5', '--5', '5-', '(5)', '5 MW', '€5', '1.', '.5',
  '.', ',', '', ' ', '-', 'n/a', '#N/A', 'null', 'None', 'true', '１２', '1e5', '1E+05', '1e', '9007199254740993', '99999999999999', '1\u00005', '=1+1',
]; // prettier-ignore

const oddHeaders = [
  '', ',', ',,,', 'load', 'time', 'timestamp', 'load,load,load', 'time,load,load', 'time,time,load', 'Datum;Uhrzeit;Leistung [kW]',
  'date,time,load', 'time,load_kwh,temp_f', 'utc,load', '"time","load"', 'timestamp,load_mw,temperature_c,temperature_c', 'a,b,c',
  'constructor,__proto__,toString', 'TIME,LOAD,TEMP', 'time ,  load  , temp', 'time,load_forecast,price', 'time+zone,load', '1,2,3',
  `time,${'x'.repeat(1000)}load`, 'time,load,temp,temperature_forecast', 'time,"lo""ad",load', 'time,"load',
]; // prettier-ignore

/** Each changes the text of a whole file. */
const textMutations: Readonly<Record<string, (text: string, random: Random) => string>> = {
  'NUL byte': (text, random) => insertText(text, random, '\0'),
  'two byte order marks': (text) => `\uFEFF\uFEFF${text}`,
  'cut anywhere': (text, random) => text.slice(0, random.integer(text.length + 1)),
  'begins anywhere': (text, random) => text.slice(random.integer(text.length + 1)),
  'any characters': (text, random) =>
    Array.from({ length: 1 + random.integer(20) }).reduce<string>(
      (all) => insertText(all, random, String.fromCharCode(random.integer(256))),
      text,
    ),
  'mixed ends of lines': (text, random) =>
    text.replaceAll(/\r\n|\n|\r/g, () => pick(random, ['\n', '\r\n', '\r'])),
  'only blanks': () => ' \n\t\r\n',
  nothing: () => '',
};

const encodings: Readonly<Record<string, (text: string) => Uint8Array>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with its mark': (text) => Buffer.from(`\uFEFF${text}`),
  'Latin 1': (text) => Buffer.from(text, 'latin1'),
  'UTF-16 with its mark': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16, high byte first': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  gzip: (text) => gzipSync(text, { level: 1 }),
};

const brokenEncodings: Readonly<Record<string, (text: string) => Uint8Array>> = {
  'UTF-16 without its mark': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16 cut in a character': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').subarray(0, -1),
  'gzip cut short': (text) => gzipSync(text, { level: 1 }).subarray(0, -9),
};

function fuzzedOptions(random: Random): LoadTableOptions {
  const some = <T>(values: readonly T[]): T | undefined =>
    random.integer(12) === 0 ? pick(random, values) : undefined;
  const given = {
    zone: random.integer(12) === 0 ? undefined : fuzzedZone(random),
    dateOrder: some(['dmy', 'mdy'] as const),
    stamps: some(['start', 'end'] as const),
    decimal: some(['.', ','] as const),
    unit: some(['MW', 'kW', 'kWh'] as const),
    loadColumn: some(['load', 'load_mw', 'nothing']),
    resolutionMinutes: some([60, 15, 7, 0]),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function fuzzedZone(random: Random): string {
  return ['Nowhere/Else', 'Asia/Kolkata', 'UTC'][random.integer(12)] ?? 'Europe/Berlin';
}

function changeLine(
  lines: readonly string[],
  random: Random,
  change: (line: string) => string,
): string[] {
  const row = random.integer(lines.length);
  return lines.map((line, i) => (i === row ? change(line) : line));
}

function changeCell(
  lines: readonly string[],
  sign: string,
  random: Random,
  column: number,
  change: (cell: string) => string,
): string[] {
  return changeLine(lines, random, (line) =>
    line
      .split(sign)
      .map((cell, i) => (i === column ? change(cell) : cell))
      .join(sign),
  );
}

function insertAt(lines: readonly string[], random: Random, line: string): string[] {
  return lines.toSpliced(random.integer(lines.length + 1), 0, line);
}

function insertText(text: string, random: Random, inserted: string): string {
  const at = random.integer(text.length + 1);
  return text.slice(0, at) + inserted + text.slice(at);
}

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[random.integer(values.length)];
  if (value === undefined) throw new RangeError('There is nothing to pick from.');
  return value;
}
