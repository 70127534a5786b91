import { Button, Field, Flex, Modal, TextInput, Typography } from '@strapi/design-system';
import { Duplicate } from '@strapi/icons';

import type { CreatedSubscription } from '../../../../server/src/contracts/subscription';
import { Code } from '../../components/Code';
import { Notice } from '../../components/Notice';
import { useCopy } from '../../components/useCopy';
import { useText } from '../../translations/useText';

/** Complete as it stands: what a receiver must check before it believes a request. */
const VERIFY = `import { createHmac, timingSafeEqual } from 'node:crypto';

// rawBody: the request's bytes as they came, before any JSON parsing.
export function verify(rawBody, headers) {
  const hmac = createHmac('sha256', process.env.WEBHOOK_SECRET).update(rawBody);
  const expected = Buffer.from('sha256=' + hmac.digest('hex'));
  const received = Buffer.from(headers['x-signature'] ?? '');
  return received.length === expected.length && timingSafeEqual(received, expected);
}`;

interface SecretDialogProps {
  created: CreatedSubscription;
  onClose: () => void;
}

/** The one moment in which a subscription's secret can be read. Only its button closes it. */
export function SecretDialog({ created, onClose }: SecretDialogProps) {
  const text = useText();
  const copy = useCopy();

  return (
    <Modal.Root open>
      <Modal.Content
        onEscapeKeyDown={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
      >
        <Flex padding={5} background="neutral100">
          <Modal.Title>{text('secret.title', { name: created.name })}</Modal.Title>
        </Flex>
        <Modal.Body>
          <Flex direction="column" alignItems="stretch" gap={5}>
            <Notice variant="warning" title={text('secret.once')}>
              <Typography>{text('secret.keep')}</Typography>
            </Notice>
            <Flex gap={2} alignItems="flex-end">
              <Field.Root name="secret" flex="1">
                <Field.Label>{text('secret.label')}</Field.Label>
                <TextInput
                  readOnly
                  value={created.secret}
                  onFocus={(event) => event.target.select()}
                  style={{ fontFamily: 'monospace' }}
                />
              </Field.Root>
              <Button
                size="L"
                variant="secondary"
                startIcon={<Duplicate />}
                onClick={() => {
                  void copy(created.secret, text('secret.label'));
                }}
              >
                {text('secret.copy')}
              </Button>
            </Flex>
            <Typography variant="pi" textColor="neutral600">
              {text('secret.kid', { kid: created.kid })}
            </Typography>
            <Code label={text('secret.verify')} value={VERIFY} />
          </Flex>
        </Modal.Body>
        <Modal.Footer justifyContent="flex-end">
          <Button onClick={onClose}>{text('secret.done')}</Button>
        </Modal.Footer>
      </Modal.Content>
    </Modal.Root>
  );
}
