import type { Core } from '@strapi/strapi';

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

export type SendMail = (mail: Mail) => Promise<void>;

/** What the e-mail plugin has where nobody has configured it: it would send as strapi.io, which no mail server believes. */
const UNTOUCHED = { provider: 'sendmail', defaultFrom: 'Strapi <no-reply@strapi.io>' };

interface EmailSettings {
  provider?: string;
  settings?: { defaultFrom?: string };
}

/** Strapi's e-mail plugin; null where it is absent or was never configured. */
export function mailerOf(strapi: Core.Strapi): SendMail | null {
  const settings = strapi.config.get<EmailSettings | undefined>('plugin::email');
  const provider = settings?.provider?.toLowerCase();
  const untouched =
    provider === UNTOUCHED.provider && settings?.settings?.defaultFrom === UNTOUCHED.defaultFrom;
  if (!provider || untouched) {
    return null;
  }
  const plugin = strapi.plugin('email') as unknown as
    { service(name: 'email'): { send(mail: Mail): Promise<unknown> } } | undefined;
  const email = plugin?.service('email');
  return email
    ? async (mail) => {
        await email.send(mail);
      }
    : null;
}
