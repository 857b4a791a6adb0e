/**
 * Two-sided probability of Student's distribution beyond ± t: the regularised incomplete beta function
 * I(ν / (ν + t²); ν / 2, 1 / 2), by its continued fraction (Abramowitz & Stegun 26.5.8, 26.7.1).
 * @param degrees of freedom, at least 1
 * @returns NaN for a NaN
 */
export function twoSidedStudentP(t: number, degrees: number): number {
  if (Number.isNaN(t) || !(degrees >= 1)) return Number.NaN;
  const x = degrees / (degrees + t * t);
  return incompleteBeta(x, degrees / 2, 0.5);
}

function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x),
  );
  // The fraction converges fast on this side of the mean only.
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b;
}

const [terms, tiny] = [500, 1e-300];

function away(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** Lentz's method. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= terms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const coefficient of [even, odd]) {
      d = 1 / away(1 + coefficient * d);
      c = away(1 + coefficient / c);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return fraction;
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** Lanczos's approximation with g = 7, for values of ½ and more. */
function logGamma(value: number): number {
  const x = value - 1;
  const sum = lanczos.reduce((total, c, i) => total + c / (x + i + 1), 0.9999999999998099);
  const t = x + lanczos.length - 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}
