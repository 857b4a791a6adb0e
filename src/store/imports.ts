import type { Knex } from 'knex';
import type { ImportSummary, QualityIssue } from '../core/quality-issue.js';
import type { Database } from './database.js';
import { shorten } from './database-error.js';
import { insertRows } from './insert-rows.js';
import { requireSeries } from './series-records.js';
import type { Store } from './store.js';

interface ImportRow {
  id: number;
  series_id: string;
  at_ms: number;
  source: string;
  row_count: number;
  rejected: number;
  added: number;
  unchanged: number;
  revised: number;
  first_ms: number | null;
  end_ms: number | null;
}

interface IssueRow {
  kind: QualityIssue['kind'];
  line: number | null;
  valid_at_ms: number | null;
  issue_count: number;
  reason: string;
}

export function imports(database: Database): Pick<Store, 'saveImport' | 'listImports'> {
  return {
    saveImport: (seriesId, atMs, summary) =>
      database.write(async (transaction) => {
        await requireSeries(transaction, seriesId);
        const row = toRow(seriesId, atMs, summary);
        const [id] = await transaction<ImportRow>('import_run').insert(row, 'id');
        if (!id) throw new Error('The database gave the import no id.');
        await insertIssues(transaction, id.id, summary.issues);
      }),
    listImports: (seriesId, limit) =>
      database.read(async (reader) => {
        const rows = await reader<ImportRow>('import_run')
          .where('series_id', seriesId)
          .orderBy([
            { column: 'at_ms', order: 'desc' },
            { column: 'id', order: 'desc' },
          ])
          .limit(limit);
        return Promise.all(rows.map(async (row) => fromRow(row, await issuesOf(reader, row.id))));
      }),
  };
}

const issueColumns = [
  'import_id',
  'position',
  'kind',
  'line',
  'valid_at_ms',
  'issue_count',
  'reason',
];

async function insertIssues(
  transaction: Knex.Transaction,
  importId: number,
  issues: readonly QualityIssue[],
): Promise<void> {
  const rows = issues.map((issue, position) => [
    importId,
    position,
    issue.kind,
    issue.line,
    issue.validAtMs,
    issue.count,
    shorten(issue.reason, 500),
  ]);
  await insertRows(transaction, 'quality_issue', issueColumns, rows);
}

async function issuesOf(reader: Knex, importId: number): Promise<QualityIssue[]> {
  const rows = await reader('quality_issue')
    .where('import_id', importId)
    .orderBy('position')
    .select<IssueRow[]>('kind', 'line', 'valid_at_ms', 'issue_count', 'reason');
  return rows.map((row) => ({
    kind: row.kind,
    line: row.line,
    validAtMs: row.valid_at_ms,
    count: row.issue_count,
    reason: row.reason,
  }));
}

function toRow(seriesId: string, atMs: number, summary: ImportSummary): Omit<ImportRow, 'id'> {
  return {
    series_id: seriesId,
    at_ms: atMs,
    source: shorten(summary.source, 500),
    row_count: summary.rows,
    rejected: summary.rejected,
    added: summary.added,
    unchanged: summary.unchanged,
    revised: summary.revised,
    first_ms: summary.firstMs,
    end_ms: summary.endMs,
  };
}

function fromRow(
  row: ImportRow,
  issues: readonly QualityIssue[],
): ImportSummary & { atMs: number } {
  return {
    atMs: row.at_ms,
    source: row.source,
    rows: row.row_count,
    rejected: row.rejected,
    added: row.added,
    unchanged: row.unchanged,
    revised: row.revised,
    firstMs: row.first_ms,
    endMs: row.end_ms,
    issues,
  };
}
