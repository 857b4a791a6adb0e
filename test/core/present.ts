/** The value, which the test relies on being there. */
export function present<T>(value: T | null | undefined): T {
  if (value === undefined || value === null)
    throw new Error('A value that must be there is missing');
  return value;
}
