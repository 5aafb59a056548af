"""The columns that lists of pledges and of deliveries may have, as eastern offices and counties keep them. Pure."""

from dataclasses import replace

from server.imports.fields import FROM, PERIOD, RECORD, REF, TO, UNIT, Field
from server.kit.errors import Text

TITLE = Field(
    "title",
    Text("需求名称", "Need"),
    (
        "认捐事项",
        "承诺事项",
        "帮扶事项",
        "项目名称",
        "帮扶项目",
        "资源名称",
        "名称",
        "标题",
        "项目",
        "title",
        "project",
        "pledge",
    ),
    needed=True,
    example=Text("青树村通组路硬化", "Hardened road to Qingshu village"),
    note=Text("认捐所对应的需求或资源的名称", "of the need or the offer behind the pledge"),
)
COUNTY = Field(
    "county",
    Text("受援方", "County"),
    ("受援单位", "受援县", "受援地", "受援地区", "帮扶对象", "接收单位", "县", "recipient"),
    note=Text("同名的认捐有几项时用来区分", "tells pledges of one name apart"),
)
GIVER = Field(
    "giver",
    Text("帮扶方", "Giver"),
    ("帮扶单位", "捐赠单位", "捐赠方", "支援单位", "出资单位", "帮扶企业", "donor"),
    note=Text("同名的认捐有几项时用来区分", "tells pledges of one name apart"),
)
TYPE = Field("resource_type", Text("资源类型", "Resource type"), ("帮扶类型", "类型", "类别", "type"))

PLEDGE_FIELDS = (
    replace(RECORD, name=Text("系统编号", "Jiedui id")),
    TITLE,
    COUNTY,
    GIVER,
    TYPE,
    Field(
        "quantity",
        Text("认捐数量", "Pledged"),
        ("数量", "承诺金额", "承诺数量", "认捐金额", "协议金额", "协议数量", "金额", "资金", "quantity", "amount"),
        example=Text("12.5", "12.5"),
        note=Text("资金按元填写，或写明单位，例如 1.2万元", "money in yuan, or with its unit, such as 1.2万元"),
    ),
    UNIT,
    replace(FROM, needed=False),
    replace(TO, needed=False),
    PERIOD,
    Field(
        "instalments",
        Text("分期", "Parts"),
        ("分期计划", "分期安排", "拨付计划", "付款计划", "instalments"),
        note=Text("例如：2026-06-30 50万元；2026-12-31 50万元", "such as 2026-06-30 50万元；2026-12-31 50万元"),
    ),
    Field(
        "accepted",
        Text("已验收", "Accepted"),
        ("已验收数量", "已到位", "已到位资金", "到位资金", "已完成", "已兑现", "完成数量"),
        note=Text("只作核对；随落实验收变化", "compared only: it changes with deliveries"),
    ),
)

DELIVERY_FIELDS = (
    replace(REF, words=("交付编号", "流水号", "批次", "批次号", "reference no", "ref no")),
    RECORD,
    Field(
        "pledge",
        Text("认捐编号", "Pledge id"),
        ("认捐系统编号", "承诺编号", "协议编号", "pledge no"),
        note=Text("认捐的系统编号；同名的认捐有几项时填写", "the Jiedui id of the pledge, where several have one name"),
    ),
    TITLE,
    COUNTY,
    GIVER,
    TYPE,
    Field(
        "quantity",
        Text("申报数量", "Declared"),
        (
            *(
                "发出数量",
                "交付数量",
                "拨付金额",
                "拨付资金",
                "捐赠金额",
                "发货数量",
                "实际数量",
                "数量",
                "金额",
                "资金",
            ),
            *("quantity", "amount"),
        ),
        example=Text("2.5", "2.5"),
        note=Text("资金按元填写，或写明单位，例如 1.2万元", "money in yuan, or with its unit, such as 1.2万元"),
    ),
    UNIT,
    Field(
        "day",
        Text("发出日期", "Sent"),
        ("日期", "拨付日期", "拨付时间", "发出时间", "发货日期", "交付日期", "交付时间", "到账日期", "date", "sent on"),
        example=Text("2019-09-01", "2019-09-01"),
    ),
    Field(
        "voucher",
        Text("凭证号", "Voucher"),
        ("凭证", "凭证编号", "票据号", "收据号", "运单号", "文号", "发票号", "receipt no"),
        note=Text("付款、运单或文件的编号", "number of the payment, waybill or letter"),
    ),
    Field("note", Text("说明", "Note"), ("备注", "摘要", "用途", "remark")),
    Field(
        "accepted",
        Text("验收数量", "Accepted"),
        ("实收数量", "验收金额", "实收金额", "到账金额", "接收数量", "签收数量"),
        note=Text("受援方填写：对已申报的落实验收", "by the county: accepts what was declared"),
    ),
    Field(
        "reason",
        Text("少收原因", "Why less"),
        ("短缺原因", "差异原因", "未足额原因", "原因"),
        note=Text(
            "数量不足、质量不合格、损坏、逾期、与约定不符、已不需要、途中丢失或其他",
            "the reason in the words of the delivery's page",
        ),
    ),
)
