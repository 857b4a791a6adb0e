// The kernels, compiled three times by scripts/build-kernels.mjs.

export { matmul, matmulScratchFloats } from './matmul';
export { lstmForward, lstmBackward, lstmInputGradient, lstmTapeFloats, lstmScratchFloats } from './lstm';
export { attentionForward, attentionBackward, attentionStride, attentionScratchFloats } from './attention';
export { addBiasAndActivate, activationGradient, sumRows } from './dense';
export {
  normaliseRows, normaliseRowsGradient, columnMoments, normaliseColumns, normaliseColumnsGradient,
} from './normalise';
