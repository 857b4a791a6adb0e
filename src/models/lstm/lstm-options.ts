import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { quantileLevels } from '../../core/forecast.js';
import { defaultRecipe, type LstmNetwork, type LstmRecipe } from './recipe.js';

/** What the discriminator of an option group may be, told where it is none of them. */
function oneOf(...kinds: readonly string[]): { error: string } {
  return { error: `"kind" must be ${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1) ?? ''}` };
}

const lossOptions = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('pinball'),
      levels: z
        .array(z.number().gt(0).lt(1))
        .refine((levels) => levels.includes(0.5), {
          error: 'the levels must include 0.5: the median is the point forecast',
        })
        .default([...quantileLevels]),
    }),
    z.strictObject({ kind: z.literal('mse') }),
    z.strictObject({ kind: z.literal('mae') }),
    z.strictObject({ kind: z.literal('huber'), delta: z.number().positive().default(1) }),
  ],
  oneOf('pinball', 'mse', 'mae', 'huber'),
);

const optimiserOptions = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('adam'), l2: z.number().min(0).default(0) }),
    z.strictObject({ kind: z.literal('adamw'), weightDecay: z.number().min(0).default(0.01) }),
  ],
  oneOf('adam', 'adamw'),
);

const scheduleOptions = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('constant') }),
    z.strictObject({
      kind: z.literal('cosine'),
      warmupShare: z.number().min(0).lt(1).default(0.1),
    }),
    z.strictObject({
      kind: z.literal('plateau'),
      factor: z.number().gt(0).lt(1).default(0.5),
      patience: z.int().min(1).default(3),
      leastRate: z.number().min(0).default(1e-5),
    }),
  ],
  oneOf('constant', 'cosine', 'plateau'),
);

const { network: defaultNetwork, steps, validation, warmStart } = defaultRecipe;

/** What the configuration may say of the LSTM; what it leaves out is the default recipe's. docs/model-options.md */
export const lstmOptions = z
  .strictObject({
    units: z.int().min(1).max(1024).exactOptional(),
    layers: z.int().min(1).max(3).exactOptional(),
    headUnits: z.int().min(1).max(4096).exactOptional(),
    dropout: z.number().min(0).max(0.9).exactOptional(),
    attention: z.boolean().exactOptional(),
    bidirectionalEncoder: z.boolean().exactOptional(),
    bidirectionalDecoder: z.boolean().exactOptional(),
    normalisation: z.enum(['none', 'layer', 'batch']).exactOptional(),
    loss: lossOptions.exactOptional(),
    optimiser: optimiserOptions.exactOptional(),
    schedule: scheduleOptions.exactOptional(),
    learningRate: z.number().gt(0).max(1).exactOptional(),
    clip: z
      .strictObject({
        value: z.number().positive().exactOptional(),
        norm: z.number().positive().exactOptional(),
      })
      .exactOptional(),
    batchRows: z.int().min(1).max(4096).exactOptional(),
    seeds: z.int().min(1).max(16).exactOptional(),
    memoryYears: z.number().positive().max(100).exactOptional(),
    steps: z
      .strictObject({
        base: z.int().min(1).max(1_000_000).default(steps.base),
        perYear: z.int().min(0).max(1_000_000).default(steps.perYear),
      })
      .exactOptional(),
    validation: z
      .strictObject({
        every: z.int().min(1).default(validation.every),
        patience: z.int().min(1).default(validation.patience),
        samples: z.int().min(1).default(validation.samples),
      })
      .exactOptional(),
    leastServingShare: z.number().gt(0).max(1).exactOptional(),
    loadNoise: z.number().min(0).max(10).exactOptional(),
    temperatureNoise: z.number().min(0).max(10).exactOptional(),
    warmStart: z
      .strictObject({
        stepShare: z.number().gt(0).max(1).default(warmStart.stepShare),
        rateShare: z.number().gt(0).max(1).default(warmStart.rateShare),
      })
      .exactOptional(),
  })
  .refine(readsWholeEncoder, {
    path: ['bidirectionalEncoder'],
    error: 'needs attention or bidirectionalDecoder: nothing else would read its reversed half',
  });

/** Attention reads both directions of the encoder; else each direction of the decoder starts from its own. */
function readsWholeEncoder(options: {
  readonly attention?: boolean;
  readonly bidirectionalEncoder?: boolean;
  readonly bidirectionalDecoder?: boolean;
}): boolean {
  const { attention, bidirectionalEncoder, bidirectionalDecoder } = {
    ...defaultNetwork,
    ...options,
  };
  return attention || bidirectionalDecoder || !bidirectionalEncoder;
}

export type LstmOptions = z.infer<typeof lstmOptions>;

/** A member's usual recipe with what the options say in its place; a group that is given replaces the usual one whole. */
export function recipeOf(options: LstmOptions, usual: LstmRecipe = defaultRecipe): LstmRecipe {
  const { network: usualNetwork, ...training } = usual;
  const chosen: LstmNetwork & typeof training = { ...usualNetwork, ...training, ...options };
  const {
    units,
    layers,
    headUnits,
    dropout,
    attention,
    bidirectionalEncoder,
    bidirectionalDecoder,
    normalisation,
    ...rest
  } = chosen;
  const network = {
    units,
    layers,
    headUnits,
    dropout,
    attention,
    bidirectionalEncoder,
    bidirectionalDecoder,
    normalisation,
  };
  return { ...rest, network };
}

/** What differs from a member's usual recipe, by the options' names and in words; for the model card. */
export function recipeFacts(
  recipe: LstmRecipe,
  usual: LstmRecipe = defaultRecipe,
): Record<string, string | number> {
  const usualOptions = optionsOf(usual);
  return Object.fromEntries(
    Object.entries(optionsOf(recipe))
      .filter(([name, value]) => !isDeepStrictEqual(value, usualOptions[name]))
      .map(([name, value]) => [name, inWords(value)]),
  );
}

function optionsOf({ network, ...training }: LstmRecipe): Record<string, unknown> {
  return { ...network, ...training };
}

/** `{ kind: 'huber', delta: 1 }` as `huber, delta 1`. */
function inWords(value: unknown): string | number {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const parts = Object.entries(value ?? {}).map(([name, part]) => {
    const text = Array.isArray(part) ? part.join(' ') : String(part);
    return name === 'kind' ? text : `${name} ${text}`;
  });
  return parts.join(', ') || 'none';
}
