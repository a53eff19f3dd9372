/** Signing in, and signing in again over an open page. */
export const signIn = {
  title: 'Sign in',
  username: 'User name',
  password: 'Password',
  submit: 'Sign in',
  firstStart: 'First time here? The server printed the operator’s name and password when it was first started.',
  forgotten: 'Password forgotten? Whoever manages the users of your account can send you a link for a new one.',
  missingName: 'Please enter your user name.',
  missingPassword: 'Please enter your password.',
  wait: (seconds: number) =>
    seconds === 1 ? 'Too many attempts. Try again in 1 second.' : `Too many attempts. Try again in ${seconds} seconds.`,
  againTitle: 'Your session has ended',
  againText: 'Sign in again, and go on where you were: nothing on this page is lost.',
  other: 'Sign in as somebody else',
  showPassword: 'Show the password',
} as const;
