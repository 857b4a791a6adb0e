import { strToU8, zipSync } from 'fflate';

/** A cell: a number, text, a time as Excel counts it (days since 1900, or 1904), a formula's result, an error, or nothing. */
export type Cell =
  | number
  | string
  | null
  | { readonly serial: number; readonly format?: 'date' | 'clock' }
  | { readonly formula: string; readonly result: number }
  | { readonly error: string };

export interface WorkbookKit {
  readonly sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>;
  readonly epoch1904?: boolean;
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** An .xlsx file with the parts that ECMA-376 asks for, texts shared as Excel shares them. */
export function workbook({ sheets, epoch1904 = false }: WorkbookKit): Uint8Array {
  const names = Object.keys(sheets);
  const shared: string[] = [];
  const parts: Record<string, string> = {};
  for (const [i, rows] of Object.values(sheets).entries())
    parts[`xl/worksheets/sheet${i + 1}.xml`] =
      `${head}<worksheet xmlns="${main}"><sheetData>${rows.map((row, r) => rowXml(row, r + 1, shared)).join('')}</sheetData></worksheet>`;
  parts['[Content_Types].xml'] =
    `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>${names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${type}.worksheet+xml"/>`).join('')}<Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${type}.sharedStrings+xml"/></Types>`;
  parts['_rels/.rels'] =
    `${head}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
  parts['xl/workbook.xml'] =
    `${head}<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${epoch1904 ? ' date1904="1"' : ''}/><sheets>${names.map((name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`;
  parts['xl/_rels/workbook.xml.rels'] =
    `${head}<Relationships xmlns="${relations}">${names.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${office}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}<Relationship Id="rIdS" Type="${office}/styles" Target="styles.xml"/><Relationship Id="rIdT" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`;
  parts['xl/styles.xml'] =
    `${head}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" xfId="0"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/><xf numFmtId="20" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;
  parts['xl/sharedStrings.xml'] =
    `${head}<sst xmlns="${main}" count="${shared.length}" uniqueCount="${shared.length}">${shared.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`;
  return zipSync(
    Object.fromEntries(Object.entries(parts).map(([path, text]) => [path, strToU8(text)])),
  );
}

/** Days since 30 December 1899 of a wall clock such as `2024-03-31T00:15`. */
export function serialOf(clock: string): number {
  return (Date.parse(`${clock}Z`) - Date.UTC(1899, 11, 30)) / 86_400_000;
}

function rowXml(cells: readonly Cell[], row: number, shared: string[]): string {
  const xml = cells.map((cell, i) =>
    cellXml(cell, `${String.fromCodePoint(65 + i)}${row}`, shared),
  );
  return `<row r="${row}">${xml.join('')}</row>`;
}

function cellXml(cell: Cell, at: string, shared: string[]): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
  if (typeof cell === 'string') {
    if (!shared.includes(cell)) shared.push(cell);
    return `<c r="${at}" t="s"><v>${shared.indexOf(cell)}</v></c>`;
  }
  if ('error' in cell) return `<c r="${at}" t="e"><v>${cell.error}</v></c>`;
  if ('formula' in cell)
    return `<c r="${at}"><f>${escaped(cell.formula)}</f><v>${cell.result}</v></c>`;
  return `<c r="${at}" s="${cell.format === 'clock' ? 2 : 1}"><v>${cell.serial}</v></c>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
