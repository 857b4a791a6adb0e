import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoadcastError } from '../../../src/core/errors.js';
import { readCsvFile, type CsvTable } from '../../../src/ingest/sources/csv-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'loadcast-csv-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileOf(content: string | Uint8Array, name = 'load.csv'): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

/** A quote in the header leaves the whole file to csv-parse. */
async function readBothWays(text: string): Promise<{ quick: CsvTable; byCsvParse: CsvTable }> {
  return {
    quick: await readCsvFile(await fileOf(`a,b\n1,2\n${text}`)),
    byCsvParse: await readCsvFile(await fileOf(`"a",b\n1,2\n${text}`)),
  };
}

const zippedLines = (count: number): Buffer => gzipSync('a,b\n'.repeat(count));
/** some 300 kB when packed */
const zippedNoise = (): Buffer =>
  gzipSync(Array.from({ length: 60_000 }, (_, i) => `${Math.sin(i)},${i}\n`).join(''));

describe('a CSV file', () => {
  it.each([',', ';', '\t'])('is split at %j, quotes respected, cells trimmed', async (sign) => {
    const text = ['time|load|note', '1|"2 ""a"" | 3"| x ', '4|5|'].join('\n').replaceAll('|', sign);
    expect(await readCsvFile(await fileOf(text))).toMatchObject({
      source: 'load.csv',
      delimiter: sign,
      columns: ['time', 'load', 'note'],
      rows: [
        ['1', `2 "a" ${sign} 3`, 'x'],
        ['4', '5', ''],
      ],
      lines: [2, 3],
    });
  });

  it('with decimal commas is split at its semicolons', async () => {
    const text = 'time;load;temp\n1;12,5;3,5\n2;13,5;4,5\n';
    expect((await readCsvFile(await fileOf(text))).rows[0]).toEqual(['1', '12,5', '3,5']);
  });

  it('tells the line on which each row ends, past blank lines and breaks inside quotes', async () => {
    const text = 'a,b\r\n\r\n1,2\r\n"x\r\ny",3\r\n  \r\n4,5';
    const table = await readCsvFile(await fileOf(text));
    expect(table.rows).toEqual([
      ['1', '2'],
      ['x\r\ny', '3'],
      ['4', '5'],
    ]);
    expect(table.lines).toEqual([3, 5, 7]);
  });

  it('may end its lines in several ways', async () => {
    const table = await readCsvFile(await fileOf('a,b\r\n1,2\n3,4\r5,6\r\n'));
    expect(table.rows).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
    expect(table.lines).toEqual([2, 3, 4]);
  });

  it.each([
    ['UTF-8', Buffer.from('Zeit,Größe\n1,2')],
    ['UTF-8 with its mark', Buffer.from('\uFEFFZeit,Größe\n1,2')],
    ['Latin 1', Buffer.from('Zeit,Größe\n1,2', 'latin1')],
    ['UTF-16 with its mark', Buffer.from('\uFEFFZeit,Größe\n1,2', 'utf16le')],
  ])('in %s is read', async (_, bytes) => {
    expect(await readCsvFile(await fileOf(bytes))).toMatchObject({
      columns: ['Zeit', 'Größe'],
      rows: [['1', '2']],
    });
  });

  it('that turns out to be Latin 1 only far down is read whole', async () => {
    const rows = '1,2\n'.repeat(50_000);
    const table = await readCsvFile(await fileOf(Buffer.from(`a,b\n${rows}ß,3`, 'latin1')));
    expect(table.rows).toHaveLength(50_001);
    expect(table.rows.at(-1)).toEqual(['ß', '3']);
  });

  it('is unpacked if it is gzip, whatever its name', async () => {
    const table = await readCsvFile(await fileOf(gzipSync('a,b\n1,2'), 'load.csv'));
    expect(table.rows).toEqual([['1', '2']]);
  });

  it('of a header alone has no rows', async () => {
    expect((await readCsvFile(await fileOf('a,b\n'))).rows).toEqual([]);
  });

  it('may have rows of any length', async () => {
    const table = await readCsvFile(await fileOf('a,b\n1\n1,2,3'));
    expect(table.rows).toEqual([['1'], ['1', '2', '3']]);
  });
});

describe('lines without quotes are split as csv-parse splits them', () => {
  it('whatever they hold', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ',',
        '\n',
        '\r',
        '\r\n',
        ' ',
        '\t',
        ';',
        '\f',
        '\v',
        '\u00A0',
        '\u2028',
        '\uFEFF',
      ),
      fc.string({ maxLength: 5 }),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const text = fc
      .array(piece, { maxLength: 30 })
      .map((pieces) => pieces.join('').replaceAll(/["\0]/g, ''));
    await fc.assert(
      fc.asyncProperty(text, async (any) => {
        const { quick, byCsvParse } = await readBothWays(any);
        expect(quick).toEqual(byCsvParse);
      }),
      { numRuns: 500 },
    );
  });

  it.each([0, 1, 2, 3, 4, 5])('wherever a part of the file ends (%i)', async (shift) => {
    const text = 'x'.repeat(shift) + '1,2\r\n'.repeat(40_000);
    const { quick, byCsvParse } = await readBothWays(text);
    expect(quick).toEqual(byCsvParse);
  });

  it('and the first quote far down gives the rest to csv-parse', async () => {
    const table = await readCsvFile(await fileOf(`a,b\n${'1,2\n'.repeat(50_000)}"3\n",4\n5,6`));
    expect(table.rows.slice(-2)).toEqual([
      ['3\n', '4'],
      ['5', '6'],
    ]);
    expect(table.lines.slice(-2)).toEqual([50_003, 50_004]);
  });
});

describe('a file that cannot be read as CSV', () => {
  it.each<[string, () => Promise<string>, RegExp]>([
    ['is missing', async () => path.join(folder, 'none.csv'), /does not exist \(looked in/],
    ['is empty', () => fileOf(''), /is empty/],
    ['is an empty gzip', () => fileOf(gzipSync('')), /is empty/],
    ['has blank lines only', () => fileOf('\n \n'), /blank lines only/],
    ['is binary', () => fileOf(Buffer.from([1, 0, 2])), /is binary/],
    [
      'is an Excel workbook',
      () => fileOf('PK\u0003\u0004xx'),
      /Excel workbook.*save the sheet as CSV/,
    ],
    ['is a Parquet file', () => fileOf('PAR1xxxx'), /Parquet/],
    ['is a truncated gzip', () => fileOf(zippedLines(9_999).subarray(0, 60)), /truncated gzip/],
    ['is a gzip cut far down', () => fileOf(zippedNoise().subarray(0, 200_000)), /truncated gzip/],
    ['is a folder', async () => folder, /is a folder/],
    ['is a device', async () => '/dev/zero', /no regular file/],
  ])('because it %s is refused with its name', async (_, create, message) => {
    const file = await create();
    const error: unknown = await readCsvFile(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LoadcastError);
    expect(error).toMatchObject({ code: 'UNREADABLE_FILE' });
    expect(String(error)).toMatch(message);
    expect(String(error)).toContain(path.basename(file));
  });

  it.skipIf(process.getuid?.() === 0)('for want of permission is refused', async () => {
    const file = await fileOf('a,b');
    await chmod(file, 0);
    await expect(readCsvFile(file)).rejects.toThrow('permissions');
  });
});

describe('limits of a CSV file', () => {
  it('hold for the unpacked bytes', async () => {
    const bomb = await fileOf(zippedLines(1_000_000));
    await expect(readCsvFile(bomb, { bytes: 1_048_576, rows: 9e9 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('larger than 1 MiB'),
    });
  });

  it('hold for the rows, the header not counted', async () => {
    const file = await fileOf('a,b\n1,2\n3,4\n');
    expect((await readCsvFile(file, { bytes: 99, rows: 2 })).rows).toHaveLength(2);
    await expect(readCsvFile(file, { bytes: 99, rows: 1 })).rejects.toThrow('more than 1 rows');
  });

  it('hold for a quote that never closes, naming the line', async () => {
    const file = await fileOf(`a,b\n1,2\n"${'x,y\n'.repeat(100_000)}`);
    await expect(readCsvFile(file)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/from line 3 on.*never closes/),
    });
  });
});

it('any bytes are read or refused in words', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string()), async (content) => {
      const outcome: unknown = await readCsvFile(await fileOf(content)).catch(
        (error: unknown) => error,
      );
      expect(
        outcome instanceof Error ? outcome : new LoadcastError('NOT_FOUND', ''),
      ).toBeInstanceOf(LoadcastError);
    }),
    { numRuns: 200 },
  );
});
