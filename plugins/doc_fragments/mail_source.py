# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options that say where service mails are read."""

    DOCUMENTATION = r"""
options:
  source:
    description:
      - Where the credentials mail is read.
      - V(api) is the account's history of service mails.
      - V(imap) is the mailbox that receives them. The API credentials then need no right to read the account's mails.
        The folder is opened read-only. Nothing in it is marked, moved or deleted.
    type: str
    choices: [api, imap]
    default: api
  imap_host:
    description:
      - Mail server, for O(source=imap). Its certificate must have this name.
      - Falls back to E(OVH_IMAP_HOST).
    type: str
  imap_port:
    description:
      - Port of the mail server. By default V(993) for V(tls), V(143) for V(starttls).
      - Falls back to E(OVH_IMAP_PORT).
    type: int
  imap_security:
    description:
      - V(tls) encrypts from the start, V(starttls) before the login. The server's certificate is verified either way.
        V(tls) when left out.
      - Falls back to E(OVH_IMAP_SECURITY).
    type: str
    choices: [tls, starttls]
  imap_ca_file:
    description:
      - Certificates of the authorities that may have signed the server's certificate, in PEM form, in place of those
        that the system trusts.
      - Falls back to E(OVH_IMAP_CA_FILE).
    type: path
  imap_user:
    description:
      - User of the mailbox. At Microsoft it is the mailbox's own address, a shared mailbox's too.
      - Falls back to E(OVH_IMAP_USER).
    type: str
  imap_password:
    description:
      - Password of the mailbox, or an application password. Falls back to E(OVH_IMAP_PASSWORD).
    type: str
  imap_access_token:
    description:
      - OAuth2 access token, in place of O(imap_password), for servers that offer XOAUTH2. Getting it, and getting a new
        one in time, is up to you.
      - Falls back to E(OVH_IMAP_ACCESS_TOKEN).
    type: str
  imap_folder:
    description:
      - Folder that the mails are in. V(INBOX) when left out.
      - Write it as you see it, such as V(Kunden/Entwürfe). How the server parts and encodes names is found out, and so
        is whether it keeps all folders below INBOX. When no folder can be meant, the failure lists those that exist.
      - Falls back to E(OVH_IMAP_FOLDER).
    type: str
  list_age:
    description:
      - How old, in seconds, a list of the account's mails may be that another line has made, for O(source=api). With
        V(0) the list is a new one.
      - Lines that wait for a mail share one list every two seconds at most, whatever this says.
    type: int
    default: 0
    version_added: 0.2.0
  imap_from:
    description:
      - Domains of senders. Only a mail with one sender, of one of these domains or of a sub-domain, is accepted. Below
        V(ovh.net), V(ovh.ca), V(ovh.us), V(kimsufi.com) and V(soyoustart.com) are customers' servers, so of these only
        the domain itself counts.
      - The default is what OVHcloud's guide on phishing names as its own, and the domain of its telecom brand
        (V(ovhtelecom.fr)).
      - The sender of a mail proves nothing by itself. Your mail server must refuse, or sort out of O(imap_folder),
        mails that forge it (SPF, DKIM, DMARC). Where it writes down what it found (C(Authentication-Results)), a mail
        that it calls V(dmarc=fail) is not accepted.
      - A rule that forwards OVHcloud's mails to this mailbox and changes them makes them such mails. Let it redirect
        them unchanged, or name the forwarder's domain here too. A mail then counts if it is from that domain, or if
        your server vouches for that domain beside V(dmarc=fail) (SPF or DKIM passed). Name only a domain that nobody
        else sends from.
    type: list
    elements: str
    default:
      - ovhcloud.com
      - services.ovhcloud.com
      - news.ovhcloud.com
      - events.ovhcloud.com
      - ovh.com
      - ovh.fr
      - clientmanager.fr
      - kimsufi.com
      - services.kimsufi.com
      - soyoustart.com
      - news.soyoustart.com
      - ovh.ca
      - ovh.com.au
      - ovh.co.uk
      - ovh.ie
      - ovh.de
      - ovh.es
      - ovh.it
      - ovh.lt
      - ovh-hosting.fi
      - ovh.net
      - robot.ovh.net
      - ovh.nl
      - ovh.pl
      - ovh.pt
      - ovh.sn
      - ovh.us
      - ovhtelecom.fr
"""
