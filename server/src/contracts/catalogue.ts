import type { Audience, Priority } from '../domain/definition';

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
  priority: Priority;
  /** In what time which share of its deliveries is promised; null where nothing is. */
  sla: { within_seconds: number; share: number } | null;
  /** Where the payload holds personal data: `titles[].contact.email`. */
  personal: string[];
  /** What a payload keeps to beside its schema. */
  rules: { code: string; summary: string }[];
}
