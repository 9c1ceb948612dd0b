"""Words by which services say what a code or a status leaves open, and those that are not their own.

Each pattern is asked only where `error_table` lets words decide.
"""

from __future__ import annotations

import html
import re

DUPLICATE_ID_TEXT = re.compile(
    r"(external|ext|customer|custom).?task.?(id)?.*(duplicat|repeat|already|exist(s|ed)?\b|\b(re)?used"
    r"|in use|unique|conflict|taken|registered|occupied|existe|vorhanden|重复|重複|已)"
    r"|(duplicat|repeat|already|\b(re)?used|in use|unique|conflict).*external.?task"
    r"|duplicat\w{0,8}.*\btask.?id|duplicat\w{0,3}[ _-](request|submi|task|entry|key value)"
    r"|(request|task)\b.{0,30}\balready.{0,10}(submitted|exist|process|accepted|creat)"
    r"|same (request|task)|repeat\w{0,3} (request|submi)|idempoten|unique constraint"
    r"|(重复|已存在|已被使用).*任务|任务.*(重复|已存在|已被(使用|占用)|已经被)|重复(提交|请求)|(提交|请求)重复"
    r"|d[ée]j[àa] (re[çc]u|soumi|exist|utilis)|bereits (gesendet|vorhanden|verwendet)|ya (existe|fue|se envi)"
    r"|уже (существ|отправ|использ)"
    r"|(タスク|リクエスト).*(重複|既に)|(작업|요청).*(중복|이미)",
    re.IGNORECASE | re.DOTALL,
)
"""A second create with one external id, "in any wording": rather a look-up too many than paying twice."""

NOT_THERE_TEXT = re.compile(r"not.?(exist|found)|n.t exist|不存在", re.IGNORECASE)
"""A look-up that found nothing also speaks of an external id that "exists": it is no duplicate."""

MODEL_TEXT = re.compile(
    r"invalid model|model.?not.?found|\bmodel\b.{0,60}\b(not exist|not found|not served)", re.IGNORECASE
)
"""The model is not served, said in words instead of a code; CometAPI was seen to say "invalid model name"."""

_ACCOUNT = r"(quotas?|balance|credits?|funds|resource.?packs?)"
QUOTA_TEXT = re.compile(
    rf"(not enough|insufficient|lack of|(run|ran) out of).{{0,25}}{_ACCOUNT}"
    rf"|{_ACCOUNT}.{{0,25}}(not enough|insufficient|exhausted|used up|depleted|too low|negative|arrears)"
    rf"|(out of|no|exceeded your current) {_ACCOUNT}|\barrears\b"
    r"|(quota|balance|credits?) (is |are |has |have )?(been )?(not sufficient|exceeded|empty|low\b)"
    r"|余额.{0,4}(不足|用完|耗尽|用尽)|餘額.{0,4}不足|欠费|欠費|预扣费.{0,4}失败|请.{0,4}充值"
    r"|(额度|配额|点数|积分).{0,4}(不足|用完|用尽|耗尽)|残高.{0,3}不足|잔액.{0,3}부족"
    r"|saldo insuficiente|solde insuffisant|недостаточно средств",
    re.IGNORECASE,
)
"""The account is empty, said unmistakably; CometAPI says "user quota is not enough". Without a word of the
account it may be permissions, machines or retries that are insufficient or exhausted."""
ABOUT_AN_ACCOUNT = re.compile(
    rf"{_ACCOUNT}|not enough|insufficient|exhausted|used up|arrears|payment|saldo|solde|средств"
    r"|余额|餘額|欠费|欠費|预扣费|额度|配额|点数|积分|充值|残高|잔액",
    re.IGNORECASE,
)
"""Any word of it: a request that has one may be what its refusal quotes."""
TIME_TEXT = re.compile(
    r"per.?(sec|min|hour|day)|/ ?(s|sec|min|minute|h|hour|d|day)\b|\b(minutely|hourly|daily)\b"
    r"|\brate\b|rate.?limit"
    r"|concurren|\b[rtq]p[msdh]\b|parallel|too (many|fast|frequent)|try again in \d|每(秒|分钟|小时|天|日)"
    r"|\bretry in|\d+ ?-?(second|minute|hour)s?\b|\btoday\b|今日|当日|当天|本(分钟|小时|日|天)"
    r"|频率|速率|限速|限流|并发|並發|请求过于频繁",
    re.IGNORECASE,
)
"""A quota of calls in a time, or at a time: it comes back by itself."""
TOO_LARGE_TEXT = re.compile(
    r"(entity|payload|body|request|content|file|image)(_| |\b).{0,20}too.?(large|big|heavy)"
    r"|(entity|payload|body|request)(_| |\b).{0,20}too.?long"
    r"|too (large|big|heavy).{0,30}\b(entity|payload|body|request|content|file|image)"
    r"|(size|body|payload|file).{0,40}\b(exceed|over the limit|larger than)"
    r"|exceed\w{0,4}.{0,30}\b(size|\d+ ?[km]i?b)\b"
    r"|(请求|请求体|图片|文件|内容)(体积|大小)?(过大|太大|超过|超出)",
    re.IGNORECASE,
)
"""The body, or a picture in it, is too large, with a status that leaves it open what is refused."""
FAULT_TEXT = re.compile(
    r"status.?code\W{0,3}5\d\d|bad gateway|gateway.?time|time[ds]?[ _-]?out|deadline exceeded|unexpected eof"
    r"|connection\b.{0,12}(reset|closed|aborted|lost|broken)|broken pipe|do.?request.?failed"
    r"|read.?response.?body|internal.?server.?error|service unavailable|超时",
    re.IGNORECASE,
)
"""A relay's words of what went wrong behind it: it may have been heard there."""
PICTURE_TEXT = re.compile(
    r"download|(image|picture|图片)\b.{0,30}(time|超时)|(load|fetch|get)\w{0,4} .{0,12}(image|picture)"
    r"|(下载|获取).{0,6}图片",
    re.IGNORECASE,
)
"""It was only the picture's address that did not answer in time."""
NO_TASK_TEXT = re.compile(
    r"(task|record|resource|job)\w{0,12}(?:(?!channel|model|token|platform|adap|handler|provider|pack|user|account|queue|key|worker|server|service).){0,40}"
    r"(not.?(exist|found)|n.t exist|不存在)"
    r"|(任务|任務|记录|记錄|作业).{0,9}(不存在|未找到|找不到|没有找到)|(不存在|未找到|找不到|没有找到|无此).{0,4}(任务|任務|记录)"
    r"|タスク.{0,6}(見つかりません|存在しません)|작업.{0,6}찾을 수 없|t[âa]che introuvable"
    r"|tarea no encontrada|задача не найдена|no rows in result set|^(generation|video) not found\W*$"
    r"|^not.?found\W*$|\bno (task|record|job)s? (was |were |is )?found"
    r"|(no such|unknown|not find( the| any| this)?|not found:?) (task|record|resource|job)",
    re.IGNORECASE,
)
"""A query's answer that the service has no such task."""
_QUOTED = re.compile(
    r"'(?:[^']|(?<=\w)'(?=\w))*'|\"[^\"]*(?:\"|$)|[“„”][^“”]*(?:[“”]|$)|‘[^’]*(?:’|$)|「[^」]*(?:」|$)|『[^』]*(?:』|$)"
    r"|《[^》]*(?:》|$)|\[[^\]]*(?:\]|$)|【[^】]*(?:】|$)|«[^»]*(?:»|$)|`[^`]*(?:`|$)|＂[^＂]*(?:＂|$)"
    r"|(?:prompts?|提示词|提示詞)\s*(?:is|为|是)?\s*[:=：(（].*",
    re.IGNORECASE | re.DOTALL,
)
"""In quotation marks, also where the end was cut off, or after the word for it."""
MAY_BE_QUOTED = re.compile(
    r"(?:texts?|words?|content|input|description|sensitive|blocked|文本|内容|描述|敏感词?|违规)\s*[:=：(（].*",
    re.IGNORECASE | re.DOTALL,
)
"""Perhaps a person's words too: no line of tasks is stopped by it."""


def own_words(message: str) -> str:
    """The service's words without what they quote: a person's prompt may say anything."""
    return _QUOTED.sub(" ", html.unescape(message))
