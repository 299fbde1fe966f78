// Submits a form with the result of a WebAuthn ceremony. In browsers without passkeys the form stays
// hidden, and the page works with a password or a code.
'use strict';

const ceremonies = {
  create: (options) =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
    }),
  get: (options) =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    }),
};

async function submitWithPasskey(form) {
  const alert = form.querySelector('[role=alert]');
  alert.hidden = true;
  try {
    const credential = await ceremonies[form.dataset.passkey](JSON.parse(form.dataset.options));
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch {
    alert.hidden = false;
  }
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submitWithPasskey(form);
    });
  }
}
