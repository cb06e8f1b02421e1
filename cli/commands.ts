import type { CommandEntry } from './command';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'status',
    about: 'every member: state, lag, connections',
    load: () => (require('./status') as typeof import('./status')).status,
  },
  {
    name: 'doctor',
    about: 'a checklist: what is well, what is not, and what to do',
    load: () => (require('./doctor') as typeof import('./doctor')).doctor,
  },
  {
    name: 'alerts',
    about: 'alert rules for Prometheus and dashboards, as files',
    load: () => (require('./alerts') as typeof import('./alerts')).alerts,
  },
  {
    name: 'sql',
    about: 'the PostgreSQL roles of a fleet, as a script',
    load: () => (require('./sql') as typeof import('./sql')).sql,
  },
  {
    name: 'contract',
    about: 'print, validate or compare fleet contracts',
    load: () => (require('./contract') as typeof import('./contract')).contract,
  },
];
