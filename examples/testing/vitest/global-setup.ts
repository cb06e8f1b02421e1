import { startSharedFleet } from 'readfleet/testing';

export default async function globalSetup(): Promise<() => Promise<void>> {
  const fleet = await startSharedFleet({ replicas: 2 });
  return () => fleet.stop();
}
