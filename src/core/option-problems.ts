import { z } from 'zod';

/**
 * What is wrong with some options, each problem with its key; an unknown key with the one that was probably meant.
 * @param schema what the options were parsed by
 * @param options what was parsed
 * @param culpritOf how a key is named; by default in quotes
 */
export function optionProblems(
  schema: z.ZodType,
  options: unknown,
  error: z.ZodError,
  culpritOf: (key: string) => string = (key) => `"${key}"`,
): string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys')
      return [path.length > 0 ? `${culpritOf(path.join('.'))}: ${issue.message}` : issue.message];
    const known = knownKeys(schema, options, path);
    return issue.keys.map(
      (key) => `unknown key "${[...path, key].join('.')}", ${hint(key, known)}`,
    );
  });
}

function hint(key: string, known: readonly string[]): string {
  const closest = known
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return closest && closest.distance <= Math.max(2, Math.floor(key.length / 3))
    ? `did you mean "${closest.name}"?`
    : `known are ${known.join(', ')}`;
}

/** Keys that the group of options at a path may have; of groups of several kinds those of the kind that is there. */
function knownKeys(schema: unknown, options: unknown, path: readonly string[]): string[] {
  if (
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable
  )
    return knownKeys(schema.unwrap(), options, path);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    return schema.options.flatMap((option) => {
      const fits =
        option instanceof z.ZodObject &&
        z.safeParse(option.shape[discriminator], member(options, discriminator)).success;
      return fits ? knownKeys(option, options, path) : [];
    });
  }
  if (schema instanceof z.ZodArray) {
    const [index = '', ...rest] = path;
    return knownKeys(schema.element, member(options, index), rest);
  }
  if (!(schema instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, unknown>> = schema.shape;
  const [first, ...rest] = path;
  if (first === undefined) return Object.keys(shape);
  return knownKeys(shape[first], member(options, first), rest);
}

function member(options: unknown, key: string): unknown {
  return typeof options === 'object' && options !== null ? Reflect.get(options, key) : undefined;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(substituted, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
