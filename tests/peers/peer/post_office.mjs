// A mail server (npm `smtp-server`) that wants a user and a password and prints each letter it takes as one
// line of JSON. With `key` and `cert` it wants STARTTLS first. `manners` says how it treats the first connections:
// `slow` greets late, `later` answers a letter with 4xx, `gone` hangs up in the middle of one, `deaf` takes one and
// hangs up without a word. Ends with its standard input.

import { SMTPServer } from 'smtp-server';

const { port, user, password, key, cert, manners = [] } = JSON.parse(process.argv[2]);
const treated = new Map();

const server = new SMTPServer({
  ...(key ? { key, cert } : { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }),
  onConnect(session, done) {
    treated.set(session.id, manners.shift());
    setTimeout(done, treated.get(session.id) === 'slow' ? 4000 : 0);
  },
  onAuth({ username, password: given }, _session, done) {
    if (username === user && given === password) done(null, { user });
    else done(new Error('who are you?'));
  },
  onData(stream, session, done) {
    const manner = treated.get(session.id);
    if (manner === 'gone') return hangUp(session);
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      if (manner === 'later') return done(Object.assign(new Error('try again later'), { responseCode: 451 }));
      say(session, Buffer.concat(parts).toString());
      if (manner === 'deaf') return hangUp(session);
      done();
    });
  },
});

function say({ envelope, user: by, secure }, text) {
  const from = envelope.mailFrom.address;
  const to = envelope.rcptTo.map(({ address }) => address);
  console.log(JSON.stringify({ letter: { from, to, by, secure, text } }));
}

function hangUp(session) {
  console.log(`hung up on ${session.id}`);
  for (const connection of server.connections) {
    if (connection.id === session.id) connection._socket.destroy();
  }
}

// A client that breaks off is none of our trouble.
server.on('error', (error) => console.log(`trouble: ${error.message}`));
server.listen(port, '127.0.0.1', () => console.log('ready'));
process.stdin.resume().on('end', () => process.exit());
