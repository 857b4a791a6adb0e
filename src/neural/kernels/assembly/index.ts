// The kernels, compiled twice by scripts/build-kernels.mjs: with relaxed SIMD and without.

export { matmul, matmulScratchFloats } from './matmul';
export { lstmForward, lstmBackward, lstmInputGradient, lstmTapeFloats, lstmScratchFloats } from './lstm';
export { attentionForward, attentionBackward, attentionStride, attentionScratchFloats } from './attention';
export { addBiasAndActivate, activationGradient, sumRows } from './dense';
