import type { LoadScale } from '../../core/load-scale.js';
import { isoUtc } from '../../core/time.js';
import { lstmFeatures } from '../../models/lstm/feature-names.js';
import { addedOf, type LstmManifest } from '../../models/lstm/manifest.js';
import type { BundleRecord, ModelFile, Series } from '../../store/store.js';

export type ExportFormat = 'onnx' | 'tfjs';
export const exportFormats: readonly ExportFormat[] = ['onnx', 'tfjs'];

/** One exported network with its files, by path inside the folder. */
export interface ExportedModel {
  readonly seed: number;
  readonly files: readonly ModelFile[];
}

/** Everything somebody needs to compute the inputs of the exported networks and to read their outputs. */
export function exportManifest({
  series,
  record,
  format,
  manifest,
  models,
}: {
  readonly series: Series;
  readonly record: BundleRecord;
  readonly format: ExportFormat;
  readonly manifest: LstmManifest;
  readonly models: readonly ExportedModel[];
}): object {
  const { network, scaler, levels, trainingSpan } = manifest;
  const features = lstmFeatures(manifest.hasTemperature, addedOf(manifest));
  return {
    format,
    member: 'lstm',
    series: series.id,
    zone: series.place.zone,
    holidayRegion: series.place.holidayRegion,
    bundle: record.id,
    trainedAt: isoUtc(record.card.trainedAtMs),
    trainingSpan: trainingSpan && {
      first: isoUtc(trainingSpan.firstHourMs),
      end: isoUtc(trainingSpan.endMs),
    },
    trainingSteps: manifest.steps,
    seeds: manifest.seeds,
    network,
    scaler,
    units: {
      load: 'MW',
      temperature: '°C',
      step: 'one hour; a stamp marks its start',
      zScore: `(value − mean) / deviation, with the scaler${scaler.scale === 'log' ? '; of the load its natural logarithm' : ''}`,
    },
    inputs: {
      encoder: {
        shape: ['batch', network.encoderSteps, network.encoderFeatures],
        steps: 'the hours before the forecast, the last one last',
        features: features.encoder,
      },
      decoder: {
        shape: ['batch', network.decoderSteps, network.decoderFeatures],
        steps: 'the hours of the forecast',
        features: features.decoder,
      },
    },
    outputs: {
      shape: ['batch', network.decoderSteps, network.outputs],
      levels,
      ...outputUnit(scaler.scale),
      point: manifest.pointOutput,
      forecast: 'the mean in MW of the points of all models',
    },
    models,
  };
}

function outputUnit(scale: LoadScale): { readonly unit: string; readonly toMw: string } {
  const restored = 'output × logLoadDeviation + logLoadMean';
  return scale === 'log'
    ? { unit: 'log of the load in MW, as a z-score', toMw: `exp(${restored})` }
    : { unit: 'load in MW, as a z-score', toMw: restored };
}
