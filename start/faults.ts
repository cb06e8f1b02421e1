import type { LocalFleet, LocalMember } from '../local';
import type { Action } from '../monitoring/http';
import type { ContractFile } from './contract-file';

/** What a newcomer may do to the local fleet, to see what the library makes of it. */
export function faults(local: LocalFleet, contract: Pick<ContractFile, 'write'>): readonly Action[] {
  const onMember = (
    on: 'primary' | 'replica' | 'member',
    name: string,
    label: string,
    help: string,
    run: (member: LocalMember) => Promise<unknown>,
    asks = false,
  ): Action => ({
    ...{ name, label, help, on, asks },
    run: async (member = '') => {
      await run(local.member(member));
      return `${label}: ${member}`;
    },
  });

  return [
    onMember(
      'replica',
      'pause-replay',
      'Pause replay',
      'WAL still arrives and is not replayed: its lag grows.',
      (member) => member.pauseReplay(),
    ),
    onMember('replica', 'resume-replay', 'Resume replay', 'It catches up with what has arrived.', (member) =>
      member.resumeReplay(),
    ),
    onMember('replica', 'cut-off', 'Cut off', 'It hears nothing of its primary, and serves what it has.', (member) =>
      member.stopReceiving(),
    ),
    onMember('replica', 'connect-again', 'Connect again', 'It streams from its primary again.', (member) =>
      member.resumeReceiving(),
    ),
    onMember('member', 'freeze', 'Freeze', 'Its port takes connections, and nothing answers (SIGSTOP).', (member) =>
      member.freeze(),
    ),
    onMember('member', 'thaw', 'Thaw', 'Goes on where it was frozen (SIGCONT).', (member) => member.thaw()),
    onMember('member', 'kill', 'Kill', 'A crash: SIGKILL to all its processes.', (member) => member.kill()),
    onMember(
      'member',
      'bring-back',
      'Bring back',
      'Starts it again; one that is no part of the fleet any more joins it anew.',
      (member) => bringBack(local, member).then(() => contract.write()),
    ),
    onMember(
      'replica',
      'fail-over',
      'Fail over to it',
      'Stops the primary and promotes this replica; the others follow it.',
      async (member) => {
        await local.primary.kill();
        // The contract is left as it is: the library recognises the successor by itself.
        await local.failOver(member.name);
      },
      true,
    ),
    onMember(
      'replica',
      'promote',
      'Promote behind its back',
      'It becomes a primary beside the primary, and nobody is told: what it shows is no longer the truth.',
      (member) => member.promote(),
      true,
    ),
    onMember(
      'replica',
      'remove',
      'Remove',
      'Ends it for good, and its replication slot.',
      async (member) => {
        await local.removeReplica(member.name);
        await contract.write();
      },
      true,
    ),
    {
      name: 'bring-back-former',
      label: 'Bring former primaries back',
      help: 'Those that a failover replaced join the fleet again, as standbys of the present primary.',
      on: 'fleet',
      run: async () => {
        const former = local.formerPrimaries.map(({ name }) => name);
        for (const name of former) await local.rejoin(name);
        await contract.write();
        return former.length > 0 ? `Brought back: ${former.join(', ')}` : 'There is no former primary.';
      },
    },
    {
      name: 'add-replica',
      label: 'Add a replica',
      help: 'Takes a backup of the primary and starts a standby from it.',
      on: 'fleet',
      run: async () => {
        const added = await local.addReplica();
        await contract.write();
        return `Added: ${added.name}`;
      },
    },
  ];
}

/** A server that was lost comes back as what it was; a former primary, and a replica that was promoted, as a standby. */
async function bringBack(local: LocalFleet, member: LocalMember): Promise<void> {
  if (member.state === 'frozen') await member.thaw();
  const strayed = member !== local.primary && member.role === 'primary';
  if (strayed) await local.rejoin(member.name);
  else if (member.state !== 'running') await member.restart();
}
