import { Typography } from '@strapi/design-system';

import { Code } from '../../components/Code';
import { Notice } from '../../components/Notice';
import { useText } from '../../translations/useText';

const CONFIGURATION = `secrets: {
  encryptionKey: env('ENCRYPTION_KEY'),
},`;

/** Why no subscription can be created, and what an administrator does about it. */
export function EncryptionKeyNotice() {
  const text = useText();

  return (
    <Notice variant="warning" title={text('encryption-key.title')}>
      <Typography>{text('encryption-key.explanation')}</Typography>
      <Code label="config/admin.ts" value={CONFIGURATION} />
    </Notice>
  );
}
