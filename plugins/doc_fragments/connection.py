# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Connection options of every module."""

    DOCUMENTATION = r"""
options:
  endpoint:
    description:
      - OVHcloud API to call. A region name (V(ovh-eu), V(ovh-ca), V(ovh-us), and the others that the C(ovh) client
        knows) or a base URL such as V(https://eu.api.ovh.com/1.0). Plain C(http://) is accepted for a loopback
        address only.
      - Falls back to E(OVH_ENDPOINT), then to C(endpoint) in the C([default]) section of C(ovh.conf).
    type: str
  application_key:
    description:
      - Application key, to be used with O(application_secret) and O(consumer_key).
      - Falls back to E(OVH_APPLICATION_KEY), then to C(ovh.conf).
    type: str
  application_secret:
    description:
      - Application secret. Falls back to E(OVH_APPLICATION_SECRET), then to C(ovh.conf).
    type: str
  consumer_key:
    description:
      - Consumer key, which holds the rights. Falls back to E(OVH_CONSUMER_KEY), then to C(ovh.conf).
    type: str
  client_id:
    description:
      - OAuth2 client of a service account, to be used with O(client_secret) instead of the three keys.
      - Falls back to E(OVH_CLIENT_ID), then to C(ovh.conf).
    type: str
  client_secret:
    description:
      - Secret of the OAuth2 client. Falls back to E(OVH_CLIENT_SECRET), then to C(ovh.conf).
    type: str
  config_file:
    description:
      - An C(ovh.conf) that is read before C(./ovh.conf), C(~/.ovh.conf) and C(/etc/ovh.conf).
      - Falls back to E(OVH_CONFIG_FILE).
    type: path
  clock_skew:
    description:
      - Seconds that OVHcloud's clock is ahead of this host's, as M(ownrouter.ovhcloud.xdsl_info) returns it. Saves the
        request that asks for it. Left out, the module asks.
    type: int
    version_added: 0.1.0
  requests_per_minute:
    description:
      - The most requests that are sent in a minute for one key, counted over all lines and runs that share
        O(state_dir); more wait their turn. What a line needs that is being renewed comes first, then looks for a mail,
        then what is read before. OVHcloud's maintainers call 60 safe. V(0) sets no limit.
      - Several hosts with one key share O(state_dir), or have a part of the budget each, such as V(30) of two hosts.
      - When OVHcloud refuses a call as one too many (status 429), all of them are silent for a while, and then send
        half as many for a minute.
      - Falls back to E(OVH_REQUESTS_PER_MINUTE). Where the count cannot be kept, there is no limit.
    type: int
    default: 60
    version_added: 0.1.0
  state_dir:
    description:
      - Folder, on the host that calls the API, in which runs with the same key keep the count of their requests, and
        what OVHcloud has told a moment ago. It is identifiers, dates, titles of mails and what lines and key are; no
        secret, no contents of a mail and no address. It may be lost.
      - By default C($XDG_STATE_HOME/ownrouter.ovhcloud), or C(~/.local/state/ownrouter.ovhcloud).
    type: path
    version_added: 0.2.0
requirements:
  - ovh >= 1.2.0 (Python package, on the host that runs the module; by default the control node)
notes:
  - Times are ISO 8601, UTC.
  - Run it on the control node (C(delegate_to=localhost)), not on the router.
  - Requests that only read are repeated with growing pauses on status 429 and 5xx and on connection errors.
    A request that writes is sent once.
"""
