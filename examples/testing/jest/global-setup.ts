import { startSharedFleet } from 'readfleet/testing';

// No teardown: the servers end with Jest, however it ends.
export default async function globalSetup(): Promise<void> {
  await startSharedFleet({ replicas: 2 });
}
