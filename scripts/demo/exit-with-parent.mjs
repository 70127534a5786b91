/**
 * Loaded into the demo's child processes (`node --import`): when the demo itself is gone, however it went,
 * they stop too and leave no orphan on the port.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

// The channel is there to be cut, not to keep a process alive that has nothing left to do.
process.channel?.unref();
