import { beforeAll, describe, expect, test } from 'vitest';
import type { CheckpointSlots } from '../../../src/core/checkpoint-slot.js';
import type { TrainingEvent } from '../../../src/core/training-event.js';
import { hourMs } from '../../../src/core/time.js';
import { buildFeatureTable } from '../../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../../src/features/feature-table.js';
import { lstmFeatureNames } from '../../../src/models/lstm/feature-names.js';
import { createLstmMember, type LstmOverrides } from '../../../src/models/lstm/lstm.js';
import { pointOutput, defaultRecipe } from '../../../src/models/lstm/recipe.js';
import type { LossOptions } from '../../../src/neural/losses.js';
import type { FitOptions, FittedMember, SavedMember } from '../../../src/models/member.js';
import { victoriaHistory } from '../../forecast/sample-history.js';

const history = victoriaHistory();
const { startMs } = history.load;
const issuedAtMs = startMs + 9 * 7 * 24 * hourMs;

function table(horizonHours: number): FeatureTable {
  const endMs = issuedAtMs + horizonHours * hourMs;
  return buildFeatureTable({ history, issuedAtMs, startMs, endMs });
}

/** Small enough for a test. */
const small: LstmOverrides = { network: { units: 16, headUnits: 16 }, seeds: 1, batchRows: 16 };
const options: FitOptions = { seed: 1, threads: 1, validationStart: null, steps: 4 };

async function fit(
  overrides: LstmOverrides,
  changes: Partial<FitOptions> = {},
): Promise<FittedMember> {
  return createLstmMember({ ...small, ...overrides }).fit(table(0), { ...options, ...changes });
}

const pointOf = (loss: LossOptions): number => pointOutput({ ...defaultRecipe, loss });

describe('recipe', () => {
  test.each<LstmOverrides>([
    { loss: { kind: 'mse' }, optimiser: { kind: 'adamw', weightDecay: 0.01 } },
    { loss: { kind: 'huber', delta: 1 }, clip: { value: 1 } },
    { loss: { kind: 'pinball', levels: [0.5, 0.9] } },
    { seeds: 3, loadNoise: 0.1, temperatureNoise: 0.1, batchRows: 32 },
  ])('%j is trained, restored by the plain member, and forecasts the same', async (overrides) => {
    const fitted = await fit(overrides);
    const { pointMw } = fitted.predict(table(72));
    expect(pointMw.every((mw) => mw > 2_000 && mw < 12_000)).toBe(true);
    const restored = await createLstmMember().restore(fitted.save());
    expect(restored.predict(table(72)).pointMw).toEqual(pointMw);
    fitted.dispose();
    restored.dispose();
  });

  test('the point is the median among the pinball levels, or the one output', () => {
    expect(pointOf({ kind: 'pinball', levels: [0.1, 0.5, 0.9] })).toBe(1);
    expect(pointOf({ kind: 'mse' })).toBe(0);
    expect(() => pointOf({ kind: 'pinball', levels: [0.1, 0.9] })).toThrow('0.1, 0.9 lack 0.5');
  });

  test('a plateau without validation is the cosine, and says so', async () => {
    const fitted = await fit({
      schedule: { kind: 'plateau', factor: 0.5, patience: 3, leastRate: 1e-5 },
    });
    expect(fitted.facts).toMatchObject({ schedule: 'cosine, for want of validation' });
    expect(fitted.save().weights).toEqual((await fit({})).save().weights);
  });

  test('a training that explodes says how often it started again', async () => {
    // squared errors without clipping, at 80 times the rate; half of that comes back
    const fitted = await fit(
      { loss: { kind: 'mse' }, clip: {}, learningRate: 0.5, schedule: { kind: 'constant' } },
      { steps: 9 },
    );
    expect(fitted.facts).toMatchObject({ 'new starts at half the rate': 1 });
    expect(fitted.curves[0]?.events).toEqual([
      expect.objectContaining({ kind: 'exploded', learningRate: 0.5, retryRate: 0.25 }),
    ]);
    expect(fitted.curves[0]?.points.map((point) => point.learningRate)).toEqual(
      Array.from({ length: 9 }, () => 0.25),
    );
  });
});

describe('warm start', () => {
  let cold: FittedMember;
  let previous: SavedMember;
  beforeAll(async () => {
    cold = await fit({}, { steps: 30 });
    previous = cold.save();
  });

  test('goes on from the parameters and scaler of the previous model, for a share of steps and rate', async () => {
    const rates: number[] = [];
    const warm = await fit(
      { schedule: { kind: 'constant' }, warmStart: { stepShare: 0.2, rateShare: 0.5 } },
      { steps: 30, previous, onStep: ({ learningRate }) => rates.push(learningRate) },
    );
    expect(rates).toEqual(Array.from({ length: 6 }, () => 0.003));
    expect(warm.facts).toMatchObject({
      'warm start': 'from the previous model',
      'training steps': 6,
    });
    // it begins where the other ended, and not where the other began
    const [begun] = warm.curves[0]?.points ?? [];
    const [first] = cold.curves[0]?.points ?? [];
    expect(begun?.loss).toBeLessThan(0.7 * (first?.loss ?? NaN));
    expect(JSON.stringify(warm.save().manifest)).toContain(
      JSON.stringify(Object(previous.manifest).scaler),
    );
  });

  test.each<[string, LstmOverrides, (saved: SavedMember) => SavedMember]>([
    ['the previous model is another network', { network: { units: 32, headUnits: 16 } }, (s) => s],
    ['the previous model has 1 seeds, this one 2', { seeds: 2 }, (s) => s],
    ['the previous model was trained without temperature', {}, withoutTemperature],
    ["The LSTM's weights have 4 bytes", {}, (s) => ({ ...s, weights: new Uint8Array(4) })],
    ["The LSTM's manifest cannot be read", {}, (s) => ({ ...s, manifest: {} })],
  ])('does not where %s: it says so and starts afresh', async (reason, overrides, change) => {
    const started = await fit(overrides, { previous: change(previous) });
    expect(started.facts['warm start']).toMatch(new RegExp(`^no: ${reason}`));
    expect(started.save().weights).toEqual((await fit(overrides)).save().weights);
  });
});

test('a fit that was stopped goes on from its checkpoints, each seed from its own', async () => {
  const saved = new Map<string, Uint8Array>();
  const checkpoints: CheckpointSlots = (name) => ({
    load: () => Promise.resolve(saved.get(name) ?? null),
    save: (bytes) => {
      saved.set(name, bytes);
      return Promise.resolve();
    },
  });
  const two = { seeds: 2 };
  const stopped = fit(two, {
    steps: 30,
    checkpoints,
    // on one thread the seeds train one after the other
    shouldStop: () => saved.has('lstm-seed-1001'),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  expect([...saved.keys()].toSorted()).toEqual(['lstm-seed-1000', 'lstm-seed-1001']);
  const events: TrainingEvent[] = [];
  const resumed = await fit(two, {
    steps: 30,
    threads: 2,
    checkpoints,
    onEvent: (event) => events.push(event),
  });
  expect(events).toHaveLength(2);
  expect(events).toContainEqual({ kind: 'resumed', step: 30 });
  expect(events).toContainEqual({ kind: 'resumed', step: 20 });
  const straight = await fit(two, { steps: 30 });
  expect(resumed.save()).toEqual(straight.save());
  expect(resumed.curves).toEqual(straight.curves);
});

test('a manifest of before the recipe has the median of the usual levels', async () => {
  const fitted = await createLstmMember({ seeds: 1 }).fit(table(0), options);
  const saved = fitted.save();
  const { pointOutput: _, ...manifest } = Object(saved.manifest);
  const restored = await createLstmMember().restore({ ...saved, manifest });
  expect(restored.predict(table(72)).pointMw).toEqual(fitted.predict(table(72)).pointMw);
});

/** As if it had been trained on a table without temperature. */
function withoutTemperature(saved: SavedMember): SavedMember {
  const features = lstmFeatureNames(false);
  const manifest = Object(saved.manifest);
  const network = {
    ...manifest.network,
    encoderFeatures: features.encoder.length,
    decoderFeatures: features.decoder.length,
  };
  return { ...saved, manifest: { ...manifest, hasTemperature: false, features, network } };
}
