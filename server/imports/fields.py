"""The columns that a sheet of needs or of offers may have, and the words by which offices head them. Pure."""

from dataclasses import dataclass

from server.kit.errors import Text

NOTHING = Text("", "")


@dataclass(frozen=True)
class Field:
    """One field: its name on template and screen, the other words for it, whether a row cannot do without.

    `example` stands in the template's second row, `note` says how it is written.
    """

    code: str
    name: Text
    words: tuple[str, ...]
    needed: bool = False
    example: Text = NOTHING
    note: Text = NOTHING

    @property
    def all_words(self) -> tuple[str, ...]:
        return (self.code, self.name.zh, self.name.en, *self.words)


REF = Field(
    "ref",
    Text("编号", "Reference"),
    ("需求编号", "资源编号", "项目编号", "项目编码", "reference no", "ref no", "own reference"),
    example=Text("2019-001", "2019-001"),
    note=Text(
        "本单位自己的编号；再次导入时按它更新，不会重复",
        "your own number; importing again updates by it, and doubles nothing",
    ),
)
RECORD = Field(
    "record",
    Text("系统编号", "Jiedui id"),
    ("系统id", "记录编号", "id"),
    note=Text("导出时自带，请勿改动", "comes with an export; leave it as it is"),
)
TYPE = Field(
    "resource_type",
    Text("资源类型", "Resource type"),
    ("需求类型", "帮扶类型", "项目类型", "项目类别", "类型", "类别", "type", "category"),
    needed=True,
    example=Text("村组道路硬化", "Hardened village road"),
)
DESCRIPTION = Field(
    "description",
    Text("说明", "Description"),
    (
        "建设内容",
        "主要建设内容",
        "建设内容及规模",
        "建设任务",
        "项目内容",
        "内容",
        "描述",
        "详细说明",
        "content",
        "details",
    ),
    example=Text("硬化通组路，宽 3.5 米", "Hardened road to the hamlets, 3.5 m wide"),
)
QUANTITY = Field(
    "quantity",
    Text("数量", "Quantity"),
    (
        *(
            "需求数量",
            "可提供数量",
            "提供数量",
            "建设规模",
            "规模",
            "金额",
            "需求金额",
            "资金",
            "所需资金",
            "申请资金",
            "申请金额",
        ),
        *("总投资", "投资", "投资额", "投资概算", "资金规模", "amount", "number", "funds", "sum"),
    ),
    example=Text("12.5", "12.5"),
    note=Text("资金按元填写，或写明单位，例如 1.2万元", "money in yuan, or with its unit, such as 1.2万元"),
)
UNIT = Field("unit", Text("单位", "Unit"), ("计量单位", "数量单位"), example=Text("公里", "km"))
FROM = Field(
    "window_from",
    Text("开始日期", "From"),
    (
        "开始时间",
        "起始日期",
        "起始时间",
        "开工日期",
        "开工时间",
        "起",
        "开始",
        "start",
        "start date",
        "starts",
        "first day",
    ),
    needed=True,
    example=Text("2019-07-01", "2019-07-01"),
)
TO = Field(
    "window_to",
    Text("截止日期", "To"),
    (
        *(
            "结束日期",
            "结束时间",
            "截止时间",
            "完成日期",
            "完成时间",
            "完成时限",
            "竣工日期",
            "竣工时间",
            "止",
            "结束",
            "截止",
        ),
        *("end", "end date", "until", "deadline", "last day"),
    ),
    needed=True,
    example=Text("2019-12-31", "2019-12-31"),
)
PERIOD = Field(
    "period",
    Text("起止时间", "Period"),
    ("建设期限", "实施期限", "建设时间", "实施时间", "起止日期", "建设工期", "时间进度", "有效期", "期限", "dates"),
    note=Text(
        "代替开始和截止日期，例如 2019-07-01至2019-12-31", "in place of From and To, such as 2019-07-01至2019-12-31"
    ),
)
SKILLS = Field(
    "skills",
    Text("专业要求", "Skills"),
    ("专业", "专长", "技能"),
    note=Text("只有人才类填写，用顿号分开", "talent types only, with 、 between"),
)

NEED_FIELDS = (
    REF,
    RECORD,
    Field(
        "place",
        Text("县（市、区）", "County"),
        (
            *(
                "县",
                "县区",
                "区县",
                "县市区",
                "县（区）",
                "县名",
                "受援县",
                "项目县",
                "所在县",
                "实施县",
                "县级行政区",
                "行政区划",
            ),
            *(
                "行政区划代码",
                "区划代码",
                "县代码",
                "项目地点",
                "实施地点",
                "地点",
                "county code",
                "place",
                "place code",
                "location",
            ),
        ),
        needed=True,
        example=Text("", ""),
    ),
    TYPE,
    Field(
        "title",
        Text("需求名称", "Title"),
        ("项目名称", "名称", "标题", "需求", "需求标题", "项目", "name", "project", "project name", "need"),
        needed=True,
        example=Text("青树村通组路硬化", "Hardened road to Qingshu village"),
    ),
    QUANTITY,
    UNIT,
    FROM,
    TO,
    PERIOD,
    Field(
        "necessity",
        Text("必要性", "Necessity"),
        ("必要性说明", "申请理由", "立项依据", "理由", "提出单位及理由", "reason", "why"),
        example=Text(
            "村民代表大会提出，按县交通局 2019 年价格标准", "Asked for by the villagers' meeting; price standard 2019"
        ),
        note=Text(
            "由谁提出、为何需要、价格依据；提交审核时必填", "who asked, why, the price standard; needed to submit"
        ),
    ),
    DESCRIPTION,
    Field(
        "households",
        Text("受益户数", "Households"),
        ("户数", "受益贫困户", "受益贫困户数", "受益户", "贫困户数", "beneficiary households"),
    ),
    Field(
        "persons",
        Text("受益人数", "Persons"),
        ("受益贫困人口", "受益人口", "受益人口数", "受益贫困人数", "贫困人口数", "beneficiaries"),
    ),
    Field("villages", Text("涉及村", "Villages"), ("村", "实施村", "行政村", "项目村", "所在村", "受益村", "village")),
    Field(
        "priority",
        Text("优先级", "Priority"),
        ("紧急程度", "优先程度", "优先等级"),
        note=Text("1（低）到 5（紧急）", "1 (low) to 5 (urgent)"),
    ),
    Field("min_part", Text("单次最小数量", "Smallest part"), ("最小数量", "最小批量", "min part")),
    Field("max_sources", Text("最多来源数", "Most sources"), ("最多帮扶方", "来源数上限", "max sources")),
    SKILLS,
)

OFFER_FIELDS = (
    REF,
    RECORD,
    TYPE,
    Field(
        "title",
        Text("资源名称", "Title"),
        ("帮扶资源", "帮扶资源名称", "帮扶项目", "项目名称", "名称", "标题", "资源", "name", "offer", "project"),
        needed=True,
        example=Text("硬化村组道路", "Hardened village roads"),
    ),
    QUANTITY,
    UNIT,
    FROM,
    TO,
    PERIOD,
    DESCRIPTION,
    Field(
        "restriction",
        Text("面向对象", "For whom"),
        ("提供范围", "帮扶范围", "限定", "对象范围", "restriction"),
        note=Text("不限、仅限结对县或限定地区", "anyone, paired or places"),
    ),
    Field(
        "places",
        Text("限定地区", "Places"),
        ("受援县", "受援地", "帮扶县", "帮扶地区", "对口地区", "地区", "counties"),
        note=Text(
            "县、市或省的名称或代码，用顿号分开",
            "names or codes of counties, prefectures or provinces, with 、 between",
        ),
    ),
    Field("min_lot", Text("最小批量", "Smallest lot"), ("单次最小数量", "最小数量", "min lot")),
    Field("max_receivers", Text("最多受援方数", "Most receivers"), ("受援方上限", "最多受援县", "max receivers")),
    SKILLS,
)
