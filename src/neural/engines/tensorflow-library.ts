import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import { isMainThread } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { LoadcastError, messageOf } from '../../core/errors.js';
import { findTensorflow } from './find-tensorflow.js';

/** What is used of the backend that tfjs-node registers; the program has no types of it, since it is no dependency. */
export interface TensorflowBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: TensorflowBinding;
  /** Runs any of TensorFlow's operators by its name. */
  executeMultipleOutputs(
    name: string,
    attributes: readonly TensorflowAttribute[],
    inputs: readonly TensorflowInput[],
    outputs: number,
  ): tf.Tensor[];
  write(values: Int32Array, shape: readonly number[], dtype: 'int64'): tf.DataId;
}

interface TensorflowBinding {
  /** of TensorFlow, such as 2.15.1 */
  readonly TF_Version: string;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
}

export interface TensorflowAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

export interface TensorflowInput {
  readonly dataId: tf.DataId;
}

/**
 * Loads TensorFlow and makes it the backend of this thread, gradients of the plain operators included: its copy of
 * TensorFlow.js and ours share one engine.
 * @throws LoadcastError INVALID_CONFIG if it is not installed or cannot be loaded, or on the main thread, where a
 *         signal that is handled while it computes corrupts its memory
 */
export function loadTensorflow(folder: string): TensorflowBackend {
  if (isMainThread) refuse('TensorFlow runs in a worker thread only.');
  const name = findTensorflow(folder);
  if (name === null) refuse(`TensorFlow is not installed in ${folder}.`);
  restoreUtilities();
  // both copies of TensorFlow.js say that they set the platform, and other things of no use here
  tf.env().set('PROD', true);
  try {
    createRequire(path.resolve(folder, 'package.json'))(name);
  } catch (cause) {
    refuse(`${name} in ${folder} cannot be loaded: ${messageOf(cause)}`, cause);
  } finally {
    tf.env().set('PROD', false);
  }
  const backend: unknown = tf.backend();
  if (tf.getBackend() !== 'tensorflow' || !isTensorflow(backend)) {
    refuse(`${name} in ${folder} is not the one that is known here: it registers no such backend.`);
  }
  return backend;
}

/** tfjs-node 4.22 calls two functions of node:util that Node 23 has removed. */
function restoreUtilities(): void {
  const removed = {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  };
  for (const [name, isSo] of Object.entries(removed))
    if (!(name in util)) Object.defineProperty(util, name, { value: isSo });
}

function isTensorflow(backend: unknown): backend is TensorflowBackend {
  return (
    typeof backend === 'object' &&
    backend !== null &&
    'executeMultipleOutputs' in backend &&
    'isUsingGpuDevice' in backend &&
    'binding' in backend
  );
}

function refuse(problem: string, cause?: unknown): never {
  throw new LoadcastError('INVALID_CONFIG', problem, { cause });
}
