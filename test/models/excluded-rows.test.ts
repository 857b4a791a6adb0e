import { describe, expect, test } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import type { RowRange } from '../../src/features/folds.js';
import { additiveMember } from '../../src/models/additive/additive.js';
import { boostingMember, stackedBoostingMember } from '../../src/models/boosting/boosting.js';
import { fitScaler } from '../../src/models/lstm/inputs.js';
import { createLstmMember } from '../../src/models/lstm/lstm.js';
import { trainingOrigins } from '../../src/models/lstm/origins.js';
import { defaultRecipe } from '../../src/models/lstm/recipe.js';
import type { FitOptions, Member, SavedMember } from '../../src/models/member.js';
import { mstlMember } from '../../src/models/mstl/mstl.js';
import { naiveMember } from '../../src/models/naive/naive.js';
import { prophetMember } from '../../src/models/prophet/prophet.js';
import { similarDayMember } from '../../src/models/similar-day/similar-day.js';
import { victoriaHistory } from '../forecast/sample-history.js';

const rows = 100 * 24;
const hole: RowRange = { from: 1200, to: 1500 };
const history = victoriaHistory();
const untilMs = history.load.startMs + rows * hourMs;
const table = buildFeatureTable({ history, issuedAtMs: untilMs, endMs: untilMs });

/** The table with the loads of some rows half as large again. */
function raised({ from, to }: RowRange): FeatureTable {
  const loadMw = table.loadMw.map((mw, row) => (row >= from && row < to ? 1.5 * mw : mw));
  return { ...table, loadMw };
}

/** Enough steps of enough rows that every origin there is has been drawn: 1,700 of them. */
const small = { network: { units: 8, headUnits: 8 }, seeds: 1, batchRows: 256 };
const lstm = createLstmMember(small);
const stackedLstm = createLstmMember(small, 'lstm-stacked');
const options: FitOptions = {
  seed: 1,
  threads: 1,
  validationStart: null,
  steps: 7,
  excluded: hole,
};

async function saved(member: Member, of: FeatureTable): Promise<SavedMember> {
  const fitted = await member.fit(of, options);
  fitted.dispose();
  return fitted.save();
}

describe.each<[string, Member]>([
  ['naive', naiveMember],
  ['prophet', prophetMember],
  ['additive', additiveMember],
  ['boosting', boostingMember],
  ['boosting-stacked', stackedBoostingMember],
  ['lstm', lstm],
  ['lstm-stacked', stackedLstm],
  ['similar-day', similarDayMember],
  ['mstl', mstlMember],
])('%s fitted without some rows', (_, member) => {
  test('knows nothing of their load', async () => {
    expect(await saved(member, raised(hole))).toEqual(await saved(member, table));
  });

  test('refuses what is left if that is too little, with both numbers', async () => {
    const excluded = { from: 160, to: rows };
    // a member may refuse at once or by its promise
    const refused = Promise.resolve().then(() => member.fit(table, { ...options, excluded }));
    await expect(refused).rejects.toThrow(/Need \d+ h .* have 160 h/);
  });
});

test.each<[string, Member]>([
  ['prophet', prophetMember],
  ['additive', additiveMember],
  ['boosting', boostingMember],
  ['boosting-stacked', stackedBoostingMember],
  ['lstm', lstm],
  ['lstm-stacked', stackedLstm],
  ['similar-day', similarDayMember],
])('%s knows the load of the other rows', async (_, member) => {
  const beside = await saved(member, raised({ from: 0, to: hole.from }));
  expect(beside).not.toEqual(await saved(member, table));
});

describe('the LSTM', () => {
  test('draws no origin whose 408 hours before or 72 after reach over them', () => {
    const origins = trainingOrigins(defaultRecipe, rows, 72, hole);
    const all = trainingOrigins(defaultRecipe, rows, 72);
    expect([...origins]).toEqual([...all].filter((at) => at + 72 <= 1200 || at - 408 >= 1500));
    expect([origins[0], origins.at(-1)]).toEqual([408, 2327]);
    expect(origins).toHaveLength(all.length - (1908 - 1129));
  });

  test('scales by the other rows', () => {
    const odd = { ...raised(hole), temperatureC: table.temperatureC.slice().fill(60, 1200, 1500) };
    expect(fitScaler(odd, rows, hole)).toEqual(fitScaler(table, rows, hole));
    expect(fitScaler(odd, rows)).not.toEqual(fitScaler(table, rows));
  });

  test('trains as many steps as the other rows ask for, and says so', async () => {
    const years = { steps: { base: 1, perYear: 10 }, network: { units: 8, headUnits: 8 } };
    const member = createLstmMember({ ...years, seeds: 1, batchRows: 16 });
    const halved = { from: 0, to: 1000 };
    const fitted = await member.fit(table, { ...options, steps: null, excluded: halved });
    // 1 + 10 × 1400 / 8766
    expect(fitted.facts).toMatchObject({ 'training hours': 1400, 'training steps': 3 });
    fitted.dispose();
  });

  test('says so where no window finds a place beside them', async () => {
    const excluded = { from: 300, to: 600 };
    await expect(lstm.fit(table, { ...options, validationStart: 700, excluded })).rejects.toThrow(
      "The LSTM's windows of 480 h find no place in 700 h of history beside the 300 h left out.",
    );
  });
});
