/**
 * A schema that is built at its first use. Building all schemas of the contract costs 25 ms and 8 MB,
 * which a start need not pay: those of answers are never asked for at run time.
 */
export function lazy<T>(build: () => T): () => T {
  let built: { readonly value: T } | null = null;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}
