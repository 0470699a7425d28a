extension AdminPage {
    /// Colours follow the system unless the reader chooses; `light-dark()` keeps both palettes in one place.
    static let style = #"""
        :root {
          color-scheme: light dark;
          --bg: light-dark(#f6f7f9, #0a0c10); --card: light-dark(#fff, #12151b); --line: light-dark(#e4e7ec, #242a34);
          --line-2: light-dark(#eef0f3, #1b2029); --hover: light-dark(#f3f5f8, #181c24);
          --text: light-dark(#12151c, #eceff4); --muted: light-dark(#5d6675, #949eae);
          --accent: light-dark(#2f54eb, #8aa2ff); --solid: light-dark(#2f54eb, #3f62f2);
          --good: light-dark(#0b7a4b, #4ccf95); --good-weak: light-dark(#e2f5ec, #0f2b20);
          --warn: light-dark(#8a5200, #f0b252); --warn-weak: light-dark(#fdf1dc, #33240b);
          --bad: light-dark(#c0252b, #ff7b7e); --bad-weak: light-dark(#fdeaea, #3a1719);
          --font: "Inter", system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei",
            "Noto Sans CJK SC", sans-serif;
          --mono: ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "Liberation Mono",
            monospace;
        }
        :root[data-theme="light"] { color-scheme: light; }
        :root[data-theme="dark"] { color-scheme: dark; }
        *, ::before, ::after { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body { margin: 0; min-height: 100vh; background: var(--bg); color: var(--text); font: 14px/1.5 var(--font);
          -webkit-font-smoothing: antialiased; }
        h1, h2, p, dl, dd { margin: 0; font-size: inherit; font-weight: inherit; }
        h2 { font-weight: 600; }
        .muted, .sub { color: var(--muted); }
        .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
        .mono { font-family: var(--mono); font-size: 12.5px; }
        button { height: 34px; padding: 0 12px; border-radius: 8px; border: 1px solid var(--line); color: var(--text);
          background: var(--card); font: inherit; cursor: pointer; white-space: nowrap; }
        button:hover { background: var(--hover); }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

        .bar { position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: 10px; min-height: 58px;
          padding: 8px max(20px, calc((100vw - 1200px) / 2)); background: var(--bg);
          border-bottom: 1px solid var(--line); }
        .title { flex: 1; min-width: 0; line-height: 1.25; }
        .title h1 { font-size: 15px; font-weight: 640; }
        .title p { font-size: 12.5px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .chip { display: flex; align-items: center; gap: 8px; height: 34px; padding: 0 12px; border-radius: 8px;
          border: 1px solid var(--line); background: var(--card); white-space: nowrap; }
        .chip i, .state i { flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--muted); }
        .chip.good { color: var(--text); } .chip.good i { background: var(--good); }
        .chip.bad i, .state.bad i { background: var(--bad); } .state.good i { background: var(--good); }

        main { max-width: 1240px; margin: 0 auto; padding: 20px 20px 40px; }
        #content.stale { opacity: .55; }
        .card { border: 1px solid var(--line); border-radius: 12px; background: var(--card);
          box-shadow: 0 1px 2px rgb(16 24 40 / .04); }
        .head { display: flex; align-items: baseline; gap: 10px; padding: 13px 16px 9px; }
        section > .head:first-child { padding-inline: 2px; } .card > .head:first-child { padding-inline: 16px; }
        .head span { margin-left: auto; font-size: 12.5px; }
        .note { margin: 0 0 10px; padding: 10px 14px; border-radius: 10px; overflow-wrap: anywhere; }
        .note b { font-weight: 600; } .note span { color: var(--text); white-space: pre-wrap; }
        .note.bad { background: var(--bad-weak); } .note.warn { background: var(--warn-weak); }

        .numbers { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 14px; margin-bottom: 16px; }
        .numbers .card { padding: 13px 16px 14px; min-width: 0; }
        .numbers dt { color: var(--muted); font-size: 13px; }
        .numbers dd:nth-of-type(1) { font-size: 25px; font-weight: 640; letter-spacing: -.02em; line-height: 1.35; }
        .numbers dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .numbers .sub { font-size: 12.5px; min-height: 1.5em; }

        .columns { display: grid; grid-template-columns: minmax(0, 1.9fr) minmax(0, 1fr); gap: 14px;
          align-items: start; }
        .side { display: grid; gap: 14px; }
        .scroll { overflow-x: auto; border-radius: 0 0 12px 12px; }
        table { width: 100%; border-collapse: collapse; }
        th { padding: 7px 10px; border-block: 1px solid var(--line); color: var(--muted); font-weight: 500;
          font-size: 12.5px; text-align: left; white-space: nowrap; }
        td { padding: 9px 10px; border-bottom: 1px solid var(--line-2); white-space: nowrap;
          font-variant-numeric: tabular-nums; }
        tr:last-child td { border-bottom: 0; }
        th:first-child, td:first-child { padding-left: 16px; } th:last-child, td:last-child { padding-right: 16px; }
        .num { text-align: right; }
        td b { display: block; font-weight: 540; } td small { color: var(--muted); font-size: 12.5px; }
        td small.warn { display: block; color: var(--warn); }
        .tag { display: inline-block; padding: 1px 7px; border-radius: 5px; background: var(--line-2);
          font-size: 12.5px; }
        .state { display: inline-flex; align-items: center; gap: 7px; font-weight: 500; }
        .empty { padding: 8px 16px 18px; }
        .pairs { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 6px 16px; padding: 2px 16px 15px; }
        .pairs dt { color: var(--muted); }
        .pairs dd { text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }

        #login { display: grid; gap: 10px; max-width: 380px; margin: 12vh auto 0; padding: 24px; }
        #login h2 { font-size: 17px; }
        #login label { margin-top: 6px; font-weight: 500; }
        #login input { height: 38px; padding: 0 12px; border-radius: 8px; border: 1px solid var(--muted);
          background: var(--bg); color: var(--text); font: inherit; }
        #login .solid { height: 38px; margin-top: 4px; border: 0; background: var(--solid); color: #fff;
          font-weight: 560; }

        @media (max-width: 1000px) {
          .columns { grid-template-columns: minmax(0, 1fr); }
          .numbers { grid-template-columns: repeat(6, minmax(0, 1fr)); }
          .numbers .card { grid-column: span 2; } .numbers .card:nth-child(n+4) { grid-column: span 3; }
        }
        @media (max-width: 640px) {
          .bar { gap: 7px; padding-inline: 14px; } .bar button { padding: 0 9px; }
          .chip { padding: 0 10px; }
          main { padding: 12px 14px 32px; }
          .numbers { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; }
          .numbers .card, .numbers .card:nth-child(n+4) { grid-column: auto; padding: 11px 13px; }
          .numbers .card:nth-child(5) { grid-column: span 2; }
          .numbers dd:nth-of-type(1) { font-size: 21px; }
          :is(th, td):is(:nth-child(2), :nth-child(4)) { display: none; } :is(th, td) { padding-inline: 8px; }
        }
        @media (max-width: 400px) { .chip span { position: absolute; clip-path: inset(50%); width: 1px; } }

        """#
}
