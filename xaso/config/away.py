"""What phones keep of a commune's pages, so that they open without a network.

A list that is short and tested: one address or file that is missing and no phone installs it.
"""

# Which kept page answers for an address. Kept pages are the same for everybody and hold no token.
SHELLS = {
    "reports:send": "reports:shell",
    "reports:sent": "reports:sent",
    "documents:check": "documents:check",
    "reports:asked": "reports:asked",
    "reports:hazard": "reports:hazard_shell",
    "reports:helped": "reports:helped",
}
# What those pages, the home page and the page without a network need.
FILES = (
    "web/xaso.css",
    "web/xaso.js",
    "web/away.js",
    "web/outbox.js",
    "web/record.js",
    "web/fonts/be-vietnam-pro-400.woff2",
    "web/fonts/be-vietnam-pro-600.woff2",
    "web/fonts/be-vietnam-pro-rest-400.woff2",
    "web/fonts/be-vietnam-pro-rest-600.woff2",
    "web/img/logo.svg",
    "web/img/ruong-bac-thang.svg",
    "reports/reports.css",
    "reports/receipt.css",
    "reports/photos.js",
    "reports/place.js",
    "reports/send.js",
    "reports/alike.js",
    "reports/sent.js",
    "documents/code.js",
    "documents/check.js",
    "reports/hazard.js",
    "reports/help.js",
    "reports/helped.js",
)
OUTBOX = "reports:sent"  # the page of what waits to be sent
SHARE = "reports:shared"  # takes photos that another program shares with us
FORM = "reports:send"
PUSH = "reports:relisten"  # where a browser tells its new address for messages
