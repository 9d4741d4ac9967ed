import 'react';

declare module 'react' {
  interface InputHTMLAttributes<T> {
    /** Chooses folders instead of files. In every browser, in no standard; React passes it on. */
    webkitdirectory?: T extends HTMLInputElement ? '' : never;
  }
}
