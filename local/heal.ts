import type { Member } from './member';
import { isPaused } from './standby';

/** Ends every fault of one member, whatever they are. */
export async function heal(member: Member): Promise<void> {
  if (member.proxy) await member.proxy.heal();
  if (member.state === 'frozen') await member.thaw();
  if (member.state !== 'running') await member.restart();
  if (member.role === 'primary') return;
  // Before the others: a standby whose replay stands takes over no settings.
  if (await isPaused(member.target)) await member.resumeReplay();
  if (member.replayDelayMs > 0) await member.delayReplay(0);
  if (!member.receives) await member.resumeReceiving();
}
