// A mail server (npm `smtp-server`) that wants a user and a password and prints each letter it takes as one
// line of JSON. Ends with its standard input.

import { SMTPServer } from 'smtp-server';

const { port, user, password } = JSON.parse(process.argv[2]);

const server = new SMTPServer({
  disabledCommands: ['STARTTLS'],
  allowInsecureAuth: true,
  onAuth({ username, password: given }, _session, done) {
    if (username === user && given === password) done(null, { user });
    else done(new Error('who are you?'));
  },
  onData(stream, { envelope, user: by }, done) {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      const from = envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      console.log(JSON.stringify({ letter: { from, to, by, text: Buffer.concat(parts).toString() } }));
      done();
    });
  },
});
server.listen(port, '127.0.0.1', () => console.log('ready'));
process.stdin.resume().on('end', () => process.exit());
