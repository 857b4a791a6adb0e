import type { z } from 'zod';
import type { lstmOptions } from '../../src/models/lstm/lstm-options.js';

/** One choice against the default recipe, written as in the configuration. */
export interface Variant {
  readonly name: string;
  readonly lstm: z.input<typeof lstmOptions>;
  /** whether the last tenth of the training rows is kept for validation; the best step of all checks is taken */
  readonly validates?: boolean;
}

/** The base first, then in the order of the table. */
export const variants: readonly Variant[] = [
  { name: 'base', lstm: {} },
  { name: 'units16', lstm: { units: 16 } },
  { name: 'units64', lstm: { units: 64 } },
  { name: 'units128', lstm: { units: 128 } },
  { name: 'layers2', lstm: { layers: 2 } },
  { name: 'layers3', lstm: { layers: 3 } },
  { name: 'bidirectional-encoder', lstm: { bidirectionalEncoder: true } },
  { name: 'forward-decoder', lstm: { bidirectionalDecoder: false } },
  { name: 'no-attention', lstm: { attention: false } },
  { name: 'layer-norm', lstm: { normalisation: 'layer' } },
  { name: 'batch-norm', lstm: { normalisation: 'batch' } },
  { name: 'layers2-layer-norm', lstm: { layers: 2, normalisation: 'layer' } },
  { name: 'layers2-batch-norm', lstm: { layers: 2, normalisation: 'batch' } },
  { name: 'dropout0', lstm: { dropout: 0 } },
  { name: 'dropout0.2', lstm: { dropout: 0.2 } },
  { name: 'mse', lstm: { loss: { kind: 'mse' } } },
  { name: 'mae', lstm: { loss: { kind: 'mae' } } },
  { name: 'huber', lstm: { loss: { kind: 'huber', delta: 1 } } },
  { name: 'adamw', lstm: { optimiser: { kind: 'adamw', weightDecay: 0.01 } } },
  { name: 'l2', lstm: { optimiser: { kind: 'adam', l2: 1e-4 } } },
  { name: 'clip-value', lstm: { clip: { value: 1 } } },
  { name: 'constant-rate', lstm: { schedule: { kind: 'constant' } } },
  { name: 'plateau', lstm: { schedule: { kind: 'plateau' } }, validates: true },
  { name: 'early-stopping', lstm: {}, validates: true },
  { name: 'batch32', lstm: { batchRows: 32 } },
  { name: 'batch128', lstm: { batchRows: 128 } },
  { name: 'batch256', lstm: { batchRows: 256 } },
  { name: 'load-noise', lstm: { loadNoise: 0.05 } },
  { name: 'temperature-noise', lstm: { temperatureNoise: 0.1 } },
];
