import { describe, expect, test } from 'vitest';
import { quantileLevels } from '../../../src/core/forecast.js';
import { lstmOptions, recipeFacts, recipeOf } from '../../../src/models/lstm/lstm-options.js';
import { defaultRecipe } from '../../../src/models/lstm/recipe.js';

/** Every option, each other than the default, but what reads the encoder's reversed half. */
const everything = {
  units: 64,
  layers: 2,
  headUnits: 32,
  dropout: 0.2,
  attention: false,
  bidirectionalEncoder: true,
  bidirectionalDecoder: true,
  normalisation: 'layer',
  loss: { kind: 'huber' },
  optimiser: { kind: 'adamw' },
  schedule: { kind: 'plateau' },
  learningRate: 0.001,
  clip: { value: 1 },
  batchRows: 32,
  seeds: 3,
  memoryYears: 2,
  steps: { base: 10 },
  validation: { every: 5 },
  leastServingShare: 0.5,
  loadNoise: 0.05,
  temperatureNoise: 0.1,
  warmStart: { stepShare: 0.5 },
};

describe('options of the LSTM', () => {
  test('none are the default recipe, about which the model card has nothing to say', () => {
    expect(recipeOf(lstmOptions.parse({}))).toEqual(defaultRecipe);
    expect(recipeFacts(defaultRecipe)).toEqual({});
  });

  test('each goes to its place in the recipe; a group takes defaults for what it leaves out', () => {
    expect(recipeOf(lstmOptions.parse(everything))).toEqual({
      network: {
        units: 64,
        layers: 2,
        headUnits: 32,
        dropout: 0.2,
        attention: false,
        bidirectionalEncoder: true,
        bidirectionalDecoder: true,
        normalisation: 'layer',
      },
      loss: { kind: 'huber', delta: 1 },
      optimiser: { kind: 'adamw', weightDecay: 0.01 },
      schedule: { kind: 'plateau', factor: 0.5, patience: 3, leastRate: 1e-5 },
      learningRate: 0.001,
      // the norm of the default is gone
      clip: { value: 1 },
      batchRows: 32,
      seeds: 3,
      memoryYears: 2,
      steps: { base: 10, perYear: defaultRecipe.steps.perYear },
      validation: { ...defaultRecipe.validation, every: 5 },
      leastServingShare: 0.5,
      loadNoise: 0.05,
      temperatureNoise: 0.1,
      warmStart: { ...defaultRecipe.warmStart, stepShare: 0.5 },
    });
  });

  test('every part of the recipe is an option', () => {
    const { network, ...training } = defaultRecipe;
    expect(Object.keys(lstmOptions.shape).toSorted()).toEqual(
      [...Object.keys(network), ...Object.keys(training)].toSorted(),
    );
    expect(Object.keys(everything).toSorted()).toEqual(Object.keys(lstmOptions.shape).toSorted());
  });

  test('the model card names what differs, in words', () => {
    expect(recipeFacts(recipeOf(lstmOptions.parse(everything)))).toMatchObject({
      units: 64,
      attention: 'no',
      bidirectionalEncoder: 'yes',
      normalisation: 'layer',
      loss: 'huber, delta 1',
      clip: 'value 1',
      steps: 'base 10, perYear 140',
    });
    const differing = Object.keys(everything).filter((name) => name !== 'bidirectionalDecoder');
    expect(Object.keys(recipeFacts(recipeOf(lstmOptions.parse(everything)))).toSorted()).toEqual(
      differing.toSorted(),
    );
    expect(recipeFacts(recipeOf(lstmOptions.parse({ bidirectionalDecoder: false })))).toEqual({
      bidirectionalDecoder: 'no',
    });
    expect(recipeFacts(recipeOf(lstmOptions.parse({ clip: {}, units: 32 })))).toEqual({
      clip: 'none',
    });
    expect(
      recipeFacts(recipeOf({ loss: { kind: 'pinball', levels: [...quantileLevels] } })),
    ).toEqual({});
  });

  test.each([
    { units: 0 },
    { units: 1025 },
    { units: 32.5 },
    { layers: 4 },
    { dropout: 1 },
    { loss: { kind: 'pinball', levels: [0.1, 0.9] } },
    { loss: { kind: 'pinball', levels: [0.5, 1] } },
    { learningRate: 0 },
    { normalisation: 'group' },
    { seeds: 0 },
    { bidirectionalEncoder: true, attention: false, bidirectionalDecoder: false },
  ])('%j is refused', (options) => {
    expect(lstmOptions.safeParse(options).success).toBe(false);
  });

  test('an encoder both ways needs something that reads both', () => {
    const { error } = lstmOptions.safeParse({
      bidirectionalEncoder: true,
      attention: false,
      bidirectionalDecoder: false,
    });
    expect(error?.issues).toMatchObject([
      { path: ['bidirectionalEncoder'], message: expect.stringContaining('needs attention or') },
    ]);
    for (const reader of [{ attention: true }, { bidirectionalDecoder: true }])
      expect(
        lstmOptions.safeParse({
          bidirectionalEncoder: true,
          attention: false,
          bidirectionalDecoder: false,
          ...reader,
        }).success,
      ).toBe(true);
  });
});
