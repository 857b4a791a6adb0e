import type { Evaluation } from '../core/evaluation.js';
import type { Database } from './database.js';
import { missingAsNaN } from './figures-json.js';
import { requireSeries } from './series-records.js';
import type { Store } from './store.js';

type Figures = Pick<Evaluation, 'blend' | 'members' | 'groups' | 'trend' | 'anomaly'>;

interface EvaluationRow {
  id: string;
  series_id: string;
  created_at_ms: number;
  kind: Evaluation['kind'];
  first_issued_at_ms: number;
  last_issued_at_ms: number;
  forecasts: number;
  figures: string;
}

export function evaluations(database: Database): Pick<Store, 'saveEvaluation' | 'listEvaluations'> {
  return {
    saveEvaluation: (evaluation) =>
      database.write(async (transaction) => {
        await requireSeries(transaction, evaluation.seriesId);
        await transaction<EvaluationRow>('evaluation').insert(toRow(evaluation));
      }),
    listEvaluations: (seriesId, limit) =>
      database.read(async (reader) => {
        const rows = await reader<EvaluationRow>('evaluation')
          .where('series_id', seriesId)
          .orderBy([
            { column: 'created_at_ms', order: 'desc' },
            { column: 'id', order: 'desc' },
          ])
          .limit(limit);
        return rows.map(fromRow);
      }),
  };
}

function toRow(evaluation: Evaluation): EvaluationRow {
  const { blend, members, groups, trend, anomaly } = evaluation;
  const figures: Figures = { blend, members, groups, trend, anomaly };
  return {
    id: evaluation.id,
    series_id: evaluation.seriesId,
    created_at_ms: evaluation.createdAtMs,
    kind: evaluation.kind,
    first_issued_at_ms: evaluation.firstIssuedAtMs,
    last_issued_at_ms: evaluation.lastIssuedAtMs,
    forecasts: evaluation.forecasts,
    figures: JSON.stringify(figures),
  };
}

function fromRow(row: EvaluationRow): Evaluation {
  const figures: Figures = JSON.parse(row.figures, missingAsNaN);
  return {
    id: row.id,
    seriesId: row.series_id,
    createdAtMs: row.created_at_ms,
    kind: row.kind,
    firstIssuedAtMs: row.first_issued_at_ms,
    lastIssuedAtMs: row.last_issued_at_ms,
    forecasts: row.forecasts,
    ...figures,
  };
}
