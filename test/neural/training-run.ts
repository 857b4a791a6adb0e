import * as tf from '@tensorflow/tfjs-core';
import type { Operators } from '../../src/neural/operators/operators.js';
import { parameterLayout } from '../../src/neural/parameter-layout.js';
import {
  dropoutShapes,
  namedParameters,
  seq2seq,
  type Seq2SeqOptions,
} from '../../src/neural/seq2seq.js';
import { randomValues, type Compute, type Values } from './reference.js';

/** Encoder and decoder inputs of 3 rows of 7 and 5 steps, and all parameters. */
export function networkInputs(options: Seq2SeqOptions): Values[] {
  return [
    randomValues('encoder', [3, 7, 3]),
    randomValues('decoder', [3, 5, 4]),
    ...parameterLayout(options)
      .slots.filter(({ kind }) => kind !== 'movingMean' && kind !== 'movingVariance')
      .map(({ name, shape }) => randomValues(name, shape, 0.3)),
  ];
}

/** The forward pass as training runs it, with fixed dropout masks, as a function of inputs and parameters. */
export function trainingRun(options: Seq2SeqOptions): {
  masks: Values[];
  compute: (operators: Operators) => Compute;
} {
  const layout = parameterLayout(options);
  const slots = layout.slots.filter(
    ({ kind }) => kind !== 'movingMean' && kind !== 'movingVariance',
  );
  const masks =
    options.dropout === 0
      ? []
      : dropoutShapes(options, 3).map((shape, i) => {
          const { values } = randomValues(`mask ${i}`, shape);
          return { shape, values: values.map((value) => (value > 0.5 ? 0 : 1 / 0.7)) };
        });
  return {
    masks,
    compute:
      (operators) =>
      (encoder, decoder, ...parameters) => {
        const kept = masks.map(({ shape, values }) =>
          tf.keep(tf.tensor(values.slice(), [...shape])),
        );
        return [
          seq2seq(operators, options, namedParameters({ ...layout, slots }, parameters), {
            encoder: encoder,
            decoder: decoder,
            training: { masks: kept.length > 0 ? kept : null, onMoments: () => undefined },
          }),
        ];
      },
  };
}
