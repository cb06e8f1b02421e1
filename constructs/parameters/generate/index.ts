import { entriesFrom } from './entries';
import { renderCatalogue, renderTypes } from './render';
import { type Query, settingsOf } from './settings';

/**
 * The generated files of constructs/parameters, by name, for the server behind `query`.
 *
 * It must be of the newest supported major, and have loaded `PRELOADED`.
 */
export async function renderParameters(query: Query): Promise<Readonly<Record<string, string>>> {
  const entries = entriesFrom(await settingsOf(query));
  const { rows } = await query(`SELECT current_setting('server_version_num')::int / 10000 AS major`);
  const major = String((rows[0] as { major: number }).major);
  return {
    'catalogue.generated.ts': renderCatalogue(entries, major),
    'parameters.generated.ts': renderTypes(entries, major),
  };
}
