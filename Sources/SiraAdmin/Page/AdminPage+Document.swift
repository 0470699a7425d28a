extension AdminPage {
    /// Everything after the opening `html` tag.
    ///
    /// Texts are filled in by the script from ``words``.
    static let document = #"""
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Sira</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/admin.css">
        <script src="/assets/words.js"></script>
        <script src="/assets/admin.js"></script>
        </head>
        <body>
        <header class="bar">
          <img src="/assets/icon.svg" width="30" height="30" alt="">
          <div class="title"><h1>Sira</h1><p id="version" class="muted">&nbsp;</p></div>
          <p id="link" class="chip" role="status"><i aria-hidden="true"></i><span></span></p>
          <button id="language" type="button" class="plain"></button>
          <button id="theme" type="button" class="plain"></button>
        </header>
        <main>
          <noscript><p class="note warn">This page needs JavaScript. The same data is at /api/status and /metrics.</p></noscript>
          <form id="login" class="card" hidden>
            <h2 data-t="login"></h2>
            <p class="muted" data-t="loginWhy"></p>
            <label for="token" data-t="token"></label>
            <input id="token" type="password" autocomplete="off" spellcheck="false" required>
            <p id="refused" class="bad" role="alert" hidden data-t="refused"></p>
            <button type="submit" class="solid" data-t="enter"></button>
          </form>
          <div id="content" hidden>
            <div id="notes" role="status"></div>
            <section aria-labelledby="h-today">
              <div class="head"><h2 id="h-today" data-t="today"></h2><span id="day" class="muted"></span></div>
              <dl class="numbers">
                <div class="card"><dt data-t="requests"></dt><dd id="n-requests"></dd><dd class="sub" id="s-requests"></dd></div>
                <div class="card"><dt data-t="failures"></dt><dd id="n-failures"></dd><dd class="sub" id="s-failures"></dd></div>
                <div class="card"><dt data-t="tokens"></dt><dd id="n-tokens"></dd><dd class="sub" id="s-tokens"></dd></div>
                <div class="card"><dt data-t="cost"></dt><dd id="n-cost"></dd><dd class="sub" id="s-cost"></dd></div>
                <div class="card"><dt data-t="inflight"></dt><dd id="n-inflight"></dd><dd class="sub" id="s-inflight"></dd></div>
              </dl>
            </section>
            <div class="columns">
              <section class="card" aria-labelledby="h-providers">
                <div class="head"><h2 id="h-providers" data-t="providers"></h2><span class="muted" data-t="sinceStart"></span></div>
                <div class="scroll" tabindex="0" role="region" aria-labelledby="h-providers">
                  <table>
                    <thead><tr>
                      <th scope="col" data-t="provider"></th><th scope="col" data-t="protocol"></th>
                      <th scope="col" data-t="key"></th><th scope="col" class="num" data-t="models"></th>
                      <th scope="col" class="num" data-t="requests"></th><th scope="col" class="num" data-t="failures"></th>
                    </tr></thead>
                    <tbody id="providers"></tbody>
                  </table>
                </div>
                <p id="no-providers" class="muted empty" data-t="noProviders" hidden></p>
              </section>
              <div class="side">
                <section class="card" aria-labelledby="h-gateway">
                  <div class="head"><h2 id="h-gateway" data-t="gateway"></h2></div>
                  <dl id="gateway" class="pairs"></dl>
                </section>
                <section class="card" aria-labelledby="h-journal">
                  <div class="head"><h2 id="h-journal" data-t="journal"></h2></div>
                  <dl id="journal" class="pairs"></dl>
                </section>
                <section class="card" aria-labelledby="h-configuration">
                  <div class="head"><h2 id="h-configuration" data-t="configuration"></h2></div>
                  <dl id="configuration" class="pairs"></dl>
                </section>
              </div>
            </div>
          </div>
        </main>
        </body>
        </html>

        """#

    /// The mark: paths that part and join again.
    static let icon = #"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2f54eb"/>
        <path d="M7 11h4.5c4.5 0 4.5 10 9 10H25M7 21h4.5M20.5 11H25" fill="none" stroke="#fff" stroke-width="2.6"
        stroke-linecap="round"/></svg>

        """#
}
