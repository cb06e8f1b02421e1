import path from 'node:path';

const FOLDER = path.resolve(__dirname, '..', 'lowest', 'node_modules');

/** A package in the lowest version that is promised; where those are not installed, the project's own, for tests that are left out then. */
export function lowestOf(name: string): object {
  try {
    return jest.requireActual(path.join(FOLDER, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return jest.requireActual(name);
  }
}
