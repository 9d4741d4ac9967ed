import packageJson from '../../package.json' with { type: 'json' };

/** Version of the program; put into the bundles when they are built. */
export const PROGRAM_VERSION: string = packageJson.version;
