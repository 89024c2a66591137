/* Security keys: asks the browser and puts its answer into the form. Without this script, or on
   an address that is no host name, the buttons stay hidden and the password does it. */
(() => {
  "use strict";
  const unsupported = !window.PublicKeyCredential || /^[\d.]+$|^\[/.test(location.hostname);
  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const list = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const make = async (options, passwordless) => {
    const asked = options.publicKey;
    const choice = { ...asked.authenticatorSelection };
    choice.residentKey = passwordless ? "required" : "discouraged";
    choice.requireResidentKey = passwordless;
    if (passwordless) choice.userVerification = "required";
    const key = await navigator.credentials.create({ publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: list(asked.excludeCredentials),
      authenticatorSelection: choice,
      extensions: { ...asked.extensions, credProps: true },
    } });
    return answered(key, {
      clientDataJSON: text(key.response.clientDataJSON),
      attestationObject: text(key.response.attestationObject),
      transports: key.response.getTransports ? key.response.getTransports() : [],
    });
  };

  const ask = async (options) => {
    const asked = options.publicKey;
    const key = await navigator.credentials.get({ publicKey: {
      ...asked, challenge: bytes(asked.challenge), allowCredentials: list(asked.allowCredentials),
    } });
    const user = key.response.userHandle;
    return answered(key, {
      clientDataJSON: text(key.response.clientDataJSON),
      authenticatorData: text(key.response.authenticatorData),
      signature: text(key.response.signature),
      userHandle: user ? text(user) : null,
    });
  };

  const answered = (key, response) => ({
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    authenticatorAttachment: key.authenticatorAttachment || null,
    clientExtensionResults: key.getClientExtensionResults(),
    response,
  });

  const onPage = () => JSON.parse(document.getElementById("khoa-hoi").textContent);
  const fromServer = async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };
  const steps = {
    tao: async (form) => make(onPage().creation_options,
      Boolean(form.querySelector("input[name=passwordless]:checked"))),
    hoi: async () => ask(onPage().request_options),
    vao: async (form) => ask((await fromServer(form)).request_options),
  };

  for (const form of document.querySelectorAll("form[data-khoa]")) {
    const trouble = form.querySelector("[data-khoa-loi]");
    if (unsupported) {
      const why = form.querySelector("[data-khoa-khong]");
      if (why) why.hidden = false;
      continue;
    }
    const button = form.querySelector("[data-khoa-nut]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (trouble) trouble.hidden = true;
      button.disabled = true;
      try {
        const key = await steps[form.dataset.khoa](form);
        form.querySelector("input[name=credential]").value = JSON.stringify(key);
        form.submit();
      } catch {
        button.disabled = false;
        if (trouble) trouble.hidden = false;
      }
    });
  }
})();
