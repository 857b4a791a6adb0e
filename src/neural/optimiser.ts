/** State of Adam (Kingma & Ba 2015): the running moments of the gradient. */
export interface Adam {
  /**
   * One step, in place.
   * @param parameters changed
   * @param gradients  of the same length
   */
  step(parameters: Float32Array, gradients: Float32Array, learningRate: number): void;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** @param size number of parameters */
export function createAdam(size: number): Adam {
  const mean = new Float32Array(size);
  const variance = new Float32Array(size);
  let steps = 0;
  return {
    step: (parameters, gradients, learningRate) => {
      steps++;
      const rate = learningRate / (1 - BETA1 ** steps);
      const correction = 1 / (1 - BETA2 ** steps);
      for (let i = 0; i < size; i++) {
        const gradient = gradients[i] ?? 0;
        const m = BETA1 * (mean[i] ?? 0) + (1 - BETA1) * gradient;
        const v = BETA2 * (variance[i] ?? 0) + (1 - BETA2) * gradient * gradient;
        mean[i] = m;
        variance[i] = v;
        parameters[i] = (parameters[i] ?? 0) - (rate * m) / (Math.sqrt(v * correction) + EPSILON);
      }
    },
  };
}

/**
 * Shortens the gradient to a largest Euclidean length, in place (Pascanu et al. 2013).
 * @returns its length before
 */
export function clipByNorm(gradients: Float32Array, largestNorm: number): number {
  let squares = 0;
  for (const gradient of gradients) squares += gradient * gradient;
  const norm = Math.sqrt(squares);
  if (norm > largestNorm) {
    const factor = largestNorm / norm;
    for (let i = 0; i < gradients.length; i++) gradients[i] = (gradients[i] ?? 0) * factor;
  }
  return norm;
}

/**
 * Share of the learning rate at a step: a linear rise over the first steps, then a cosine to zero
 * (Loshchilov & Hutter 2017).
 * @param step        from 0
 * @param warmupShare share of the steps that rise, in [0, 1)
 */
export function rateFactor(step: number, steps: number, warmupShare: number): number {
  const warmup = Math.round(warmupShare * steps);
  if (step < warmup) return (step + 1) / warmup;
  return 0.5 * (1 + Math.cos((Math.PI * (step - warmup)) / Math.max(1, steps - warmup)));
}
