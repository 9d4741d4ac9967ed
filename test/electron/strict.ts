/** Makes using something that the fake does not have an error instead of `undefined`. */
export function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, key, receiver) {
      if (typeof key === 'string' && !(key in object) && key !== 'then' && key !== 'toJSON') {
        throw new Error(`the fake Electron has no ${name}.${key}`);
      }
      return Reflect.get(object, key, receiver) as unknown;
    },
    set() {
      throw new Error(`nothing may be set on ${name}`);
    },
  });
}
