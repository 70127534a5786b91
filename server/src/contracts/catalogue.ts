import type { Audience } from '../domain/definition';

/** One event definition as `GET /catalogue` lists it (spec §7). */
export interface CatalogueEntry {
  event_type: string;
  schema_version: string;
  summary: string;
  audience: Audience;
  approval: boolean;
  /** Content types whose changes make this event; empty for operational events. */
  source: string[];
  versions: string[];
}
