/** Route of the Library reader: always there, no provider, no model, no network. */
export const LIBRARY_READER = 'library-reader';
